using LoraCollab.Kernels.Cases;

namespace LoraCollab.Kernels.Tests;

/// <summary>What a backend for real work must do besides: the same on shapes of several tiles and chunks, with the same bits for any number of threads.</summary>
public abstract class ThreadedBackendCaseTests : BackendCaseTests
{
    protected abstract ComputeBackend WithThreads(int threads);

    public static TheoryData<string> SpanningCases => [.. OpCases.All.Where(c => c.Size == CaseSize.Spanning).Select(c => c.Name)];

    [Theory, MemberData(nameof(SpanningCases))]
    public void SpanningCase_AgainstReference_Agrees(string name) => OpCases.Named(name).Check(Backend);

    [Theory, InlineData(2), InlineData(3), InlineData(4)]
    public void EveryCase_WithMoreThreads_HasTheBitsOfOneThread(int threads)
    {
        using var one = WithThreads(1);
        using var many = WithThreads(threads);
        foreach (var c in OpCases.All)
        {
            var expected = c.Run(one);
            foreach (var (operand, values) in c.Run(many))
                Closeness.RequireSameBits($"{c.Name}: {operand}, {threads} threads", expected[operand], values);
        }
    }

    [Theory, InlineData(1), InlineData(3)]
    public void EveryCase_OnALane_HasTheBitsOfItsBackend(int threads)
    {
        using var lane = Backend.CreateLane(threads);
        foreach (var c in OpCases.All)
        {
            var expected = c.Run(Backend);
            foreach (var (operand, values) in c.Run(lane))
                Closeness.RequireSameBits($"{c.Name}: {operand}, a lane of {threads} threads", expected[operand], values);
        }
    }
}
