namespace LoraCollab.Kernels.Tests;

/// <summary>
/// What a backend for real work must do besides: the same on shapes of several tiles and chunks, with the same bits for any number of threads.
/// </summary>
public abstract class ThreadedBackendCaseTests : BackendCaseTests
{
    protected abstract ComputeBackend WithThreads(int threads);

    public static TheoryData<string> SpanningCases => [.. OpCases.All.Where(c => c.Size == CaseSize.Spanning).Select(c => c.Name)];

    [Theory, MemberData(nameof(SpanningCases))]
    public void SpanningCase_AgainstReference_Agrees(string name) => OpCases.Named(name).Check(Backend);

    [Fact]
    public void EveryCase_WithMoreThreadsAndOnLanes_HasTheBitsOfOneThread()
    {
        using var one = WithThreads(1);
        using ComputeBackend two = WithThreads(2), three = WithThreads(3), four = WithThreads(4),
            laneOfOne = four.CreateLane(1), laneOfThree = four.CreateLane(3);
        foreach (var c in OpCases.All)
        {
            var expected = c.Run(one);
            foreach (var many in new[] { two, three, four, laneOfOne, laneOfThree })
                foreach (var (operand, values) in c.Run(many))
                    Closeness.RequireSameBits($"{c.Name}: {operand}, {many.Threads} threads", expected[operand], values);
        }
    }
}
