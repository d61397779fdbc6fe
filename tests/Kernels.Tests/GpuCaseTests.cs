using LoraCollab.Kernels.Cases;

namespace LoraCollab.Kernels.Tests;

/// <summary>What a GPU's backend must do besides: the same on shapes of several tiles, chunks and groups. Without a device all tests are skipped and say why.</summary>
public abstract class GpuCaseTests : BackendCaseTests
{
    public static TheoryData<string> SpanningCases => [.. OpCases.All.Where(c => c.Size == CaseSize.Spanning).Select(c => c.Name)];

    [Theory, MemberData(nameof(SpanningCases))]
    public void SpanningCase_AgainstReference_Agrees(string name) => OpCases.Named(name).Check(Backend);

    [Fact]
    public void Lanes_OnThreadsOfTheirOwn_HaveTheBitsOfOneAfterTheOther() =>
        RequireLanesApart(Backend, "lora 133x259x515 rank 4 dropout 0.1", "matmul 133x515x259 Packed bias", "attention B1 T65 NH1 HS33 dropout 0.3");

    /// <summary>Runs each case on a lane and a thread of its own, several times, beside the others.</summary>
    internal static void RequireLanesApart(ComputeBackend backend, params string[] names)
    {
        var cases = names.Select(OpCases.Named).ToArray();
        var expected = cases.Select(c => c.Run(backend)).ToArray();
        var lanes = cases.Select(_ => backend.CreateLane(1)).ToArray();
        Parallel.For(0, cases.Length, new ParallelOptions { MaxDegreeOfParallelism = cases.Length }, i =>
        {
            for (int repeat = 0; repeat < 5; repeat++)
                foreach (var (operand, values) in cases[i].Run(lanes[i]))
                    Closeness.RequireSameBits($"{cases[i].Name}: {operand}", expected[i][operand], values);
        });
        foreach (var lane in lanes) lane.Dispose();
    }

    protected static ComputeBackend OrSkip(Lazy<ComputeBackend> backend)
    {
        try
        {
            return backend.Value;
        }
        catch (PlatformNotSupportedException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
