namespace LoraCollab.Kernels.Tests;

/// <summary>What is told of the ILGPU kernels: their code, their shared memory, and how ops start them.</summary>
public sealed class KernelCodeTests
{
    [Fact]
    public void Of_AnUnknownKernel_ListsThoseThereAre()
    {
        string message = Assert.Throws<ArgumentException>(() => KernelCode.Of("nonsense", BackendKind.Cuda)).Message;
        Assert.StartsWith("no kernel nonsense; there are AdamWKernel, AddDropoutKernel,", message);
        Assert.Contains("TiledProductKernel", message);
    }

    [Theory]
    [InlineData(BackendKind.Host)]
    [InlineData(BackendKind.Reference)]
    [InlineData(BackendKind.Simulator)]
    public void Of_ABackendWithoutGeneratedCode_SaysWhichHaveIt(BackendKind kind) =>
        Assert.Contains("cuda (PTX) and opencl (OpenCL C)", Assert.Throws<ArgumentException>(() => KernelCode.Of("FillKernel", kind)).Message);

    [Theory]
    [InlineData("FillKernel", "FillKernel")]
    [InlineData("fill", "FillKernel")]
    [InlineData("tiledproductkernel", "TiledProductKernel")]
    [InlineData("Fil", null)]
    public void Find_ByAnyCaseWithOrWithoutItsEnd_KnowsTheKernel(string name, string? expected) => Assert.Equal(expected, KernelCode.Find(name));

    [Theory]
    [InlineData("FillKernel", 0)]
    [InlineData("SquaredChunksKernel", 256 * 4)] // one float a thread
    [InlineData("TiledProductKernel", 2 * 16 * 65 * 4)] // two tiles of 16 depths of 64 lines and one word
    [InlineData("LossKernel", 256 * 4 + 256 * 4)] // a float and an id a thread
    public void SharedBytes_OfAKernel_IsWhatItAllocates(string name, long expected) => Assert.Equal(expected, KernelCode.SharedBytes(name));

    [Fact]
    public void Launches_OfTwoOps_AreCountedByOpKernelAndGrid()
    {
        using var backend = Backends.Create(BackendKind.Simulator, 1);
        using var lane = backend.CreateLane(1);
        View x = backend.Allocate("x", 6), y = backend.Allocate("y", 2);
        Assert.Empty(backend.Launches());
        backend.Fill(x, 1);
        lane.Fill(x, 2);
        lane.Fill(y, 2);
        backend.Scale(y, 3);
        lane.Synchronize();
        backend.Synchronize();
        Assert.Equal([new("fill", "FillKernel", 1, 1, 3), new("scale", "ScaleKernel", 1, 1, 1)], lane.Launches());

        backend.ForgetLaunches();
        Assert.Empty(backend.Launches());
        backend.Scale(y, 3);
        Assert.Equal(1, Assert.Single(backend.Launches()).Count);
        // Nothing was compiled that was not started; the simulator has neither registers nor local memory.
        Assert.Equal([new("FillKernel", 0, null, null, null, null), new("ScaleKernel", 0, null, null, null, null)], backend.Resources());
    }

    [Fact]
    public void Launches_OfAProductInGroups_ShowItsTiles()
    {
        using var backend = Devices.OpenSimulator(groupSize: 16);
        View y = backend.Allocate("y", 20 * 20), x = backend.Allocate("x", 20 * 4);
        using var w = backend.Pack("w", new float[4 * 20], 4, 20);
        backend.MatMul(y, x, w, default, 20);
        backend.Synchronize();
        // 20 × 20 outputs are 2 × 2 tiles of 16 × 16, and the simulated device runs two groups at most.
        Assert.Equal([new("matmul", "TiledProductKernel", 2, 16, 1)], backend.Launches());
        Assert.Equal(2 * 16 * 65 * 4, Assert.Single(backend.Resources()).SharedBytes);
    }

    [Theory]
    [InlineData(BackendKind.Host)]
    [InlineData(BackendKind.Reference)]
    public void Launches_WhereOpsAreNoKernels_AreNone(BackendKind kind)
    {
        using var backend = Backends.Create(kind, 1);
        backend.Fill(backend.Allocate("x", 6), 1);
        Assert.Empty(backend.Launches());
        Assert.Empty(backend.Resources());
    }

    [Fact]
    public void Names_AreTheKernelsOfTheBackend()
    {
        Assert.Contains("QueryGradientTileKernel", KernelCode.Names);
        Assert.All(KernelCode.Names, n => Assert.EndsWith("Kernel", n));
        Assert.Equal(KernelCode.Names.Count, KernelCode.Names.Distinct().Count());
        Assert.InRange(KernelCode.Names.Count, 25, 100);
    }
}
