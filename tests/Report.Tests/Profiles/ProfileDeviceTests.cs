namespace LoraCollab.Report.Tests;

/// <summary>Kernels and memory in a profile's tables.</summary>
public sealed class ProfileDeviceTests
{
    [Fact]
    public void Kernels_OfASimulatedDevice_AreTheLaunchesWithWhatIsTold()
    {
        using var backend = Backends.Create(BackendKind.Simulator, 1);
        var x = backend.Allocate("x", 9000);
        backend.Fill(x, 1);
        backend.Fill(x, 2);
        backend.SquaredNorm(backend.Allocate("sum", 1), x);
        var kernels = ProfileKernel.Of(backend)!;
        Assert.Equal(new ProfileKernel("fill", "FillKernel", 1, 1, 2, 0), kernels[0]);
        Assert.Contains(new ProfileKernel("squared_norm", "SquaredChunksKernel", 1, 1, 1, 256 * 4), kernels);

        var text = new StringWriter();
        KernelTable.Write(text, kernels);
        Assert.Contains("fill          FillKernel                  2       1      1       0          -      -        -", text.ToString());
        using var host = Backends.Create(BackendKind.Host, 1);
        host.Fill(host.Allocate("x", 1), 1);
        Assert.Null(ProfileKernel.Of(host));
    }

    [Fact]
    public void Memory_OfALedger_StandsBesideItsEstimateGroupByGroup()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        View[] weights = [backend.Allocate("h.0.attn.c_attn.weight", 100), backend.Allocate("h.11.attn.c_attn.weight", 100)];
        backend.Allocate("activations", 1000).Buffer.Dispose();
        backend.Allocate("m", 50);
        var memory = ProfileMemory.Of(backend.Memory, new MemoryEstimate(1500, 0, 400, 8000, 0));
        Assert.Equal([new(MemoryGroup.Base, 1500, 1600), new(MemoryGroup.Optimiser, 400, 0), new(MemoryGroup.Activations, 8000, 8000)], memory.Groups);
        Assert.Equal(9600, memory.PeakBytes); // before m came
        Assert.Equal([new("h.*.attn.c_attn.weight", 2, 1600), new("m", 1, 400)], memory.Largest);

        var text = new StringWriter();
        MemoryTable.Write(text, memory);
        Assert.Contains("  base                        1.5 kB        1.6 kB  16.7 %", text.ToString());
        Assert.Contains("together                      9.9 kB        9.6 kB 100.0 %", text.ToString());
        Assert.All(weights, w => Assert.Equal(100, w.Length));
    }
}
