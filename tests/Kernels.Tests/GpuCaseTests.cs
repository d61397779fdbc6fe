namespace LoraCollab.Kernels.Tests;

/// <summary>
/// What a GPU's backend must do besides: the same on shapes of several tiles, chunks and groups. Without a device all tests are skipped and say why.
/// </summary>
public abstract class GpuCaseTests : BackendCaseTests
{
    public static TheoryData<string> SpanningCases => [.. OpCases.All.Where(c => c.Size == CaseSize.Spanning).Select(c => c.Name)];

    [Theory, MemberData(nameof(SpanningCases))]
    public void SpanningCase_AgainstReference_Agrees(string name) => OpCases.Named(name).Check(Backend);

    [Fact]
    public void Lanes_OnThreadsOfTheirOwn_HaveTheBitsOfOneAfterTheOther() => RequireLanesApart(Backend, CaseSize.Spanning);

    [Fact]
    public void Resources_OfAKernelThatRan_AreToldByTheDriver()
    {
        OpCases.All.First(c => c.Size == CaseSize.Spanning && c.Ops.Contains(nameof(ComputeBackend.MatMul))).Check(Backend);
        var product = Assert.Single(Backend.Resources(), r => r.Kernel == "TiledProductKernel");
        Assert.InRange(product.SharedBytes, KernelCode.SharedBytes(product.Kernel), 48 * 1024);
        Assert.True(product.LocalBytes >= 0, $"{product}");
        Assert.InRange(product.MaxGroup!.Value, 256, 4096);
        if (Backend.Kind != BackendKind.Cuda) return;
        Assert.InRange(product.Registers!.Value, 16, 255);
        Assert.InRange(product.GroupsAtOnce!.Value, 1, 32);
    }

    /// <summary>Runs cases of three ops, each on a lane and a thread of its own, several times side by side.</summary>
    internal static void RequireLanesApart(ComputeBackend backend, CaseSize size)
    {
        string[] ops = [nameof(ComputeBackend.Lora), nameof(ComputeBackend.MatMul), nameof(ComputeBackend.Attention)];
        var cases = ops.Select(op => OpCases.All.Last(c => c.Size == size && c.Ops.Contains(op))).ToArray();
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
