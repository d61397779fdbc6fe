namespace LoraCollab.Kernels.Tests;

/// <summary>That the account of a backend's memory is what was asked for, by name, and that everything given back leaves it.</summary>
public sealed class MemoryLedgerTests
{
    [Theory]
    [InlineData(BackendKind.Reference, 8)]
    [InlineData(BackendKind.Host, 4)]
    [InlineData(BackendKind.Simulator, 4)]
    public void Allocate_OnAnyBackend_IsEnteredByNameUntilItIsGivenBack(BackendKind kind, int realBytes)
    {
        using var backend = Backends.Create(kind, 1);
        var ledger = backend.Memory;
        long before = ledger.Live;
        View a = backend.Allocate("a", 10), again = backend.Allocate("a", 30);
        var ids = backend.AllocateInts("ids", 5);
        Assert.Equal(before + 40 * realBytes + 20, ledger.Live);
        Assert.Equal(2, Account(ledger, "a").Buffers);

        again.Buffer.Dispose();
        again.Buffer.Dispose();
        Assert.Equal(new MemoryAccount("a", 1, 10 * realBytes, 40 * realBytes, 40 * realBytes), Account(ledger, "a"));
        ids.Buffer.Dispose();
        a.Buffer.Dispose();
        Assert.Equal(before, ledger.Live);
        Assert.Equal(before + 40 * realBytes + 20, ledger.Peak);
    }

    [Theory]
    [InlineData(BackendKind.Reference)]
    [InlineData(BackendKind.Host)]
    [InlineData(BackendKind.Simulator)]
    public void Lanes_AndPackedWeights_StandInTheSameLedger(BackendKind kind)
    {
        using var backend = Backends.Create(kind, 1);
        long before = backend.Memory.Live;
        using (var lane = backend.CreateLane(1))
        {
            Assert.Same(backend.Memory, lane.Memory);
            var x = lane.Allocate("x", 6);
            var y = lane.Allocate("y", 3);
            using var w = lane.Pack("h.0.attn.c_attn.weight", new float[6], 2, 3);
            Assert.InRange(Account(backend.Memory, "h.0.attn.c_attn.weight").Live, 6 * lane.RealBytes, 64 * 64 * lane.RealBytes);
            lane.SquaredNorm(y.Slice(0, 1), x); // takes a workspace
            lane.Synchronize();
            x.Buffer.Dispose();
            y.Buffer.Dispose();
        }
        Assert.Equal(before, backend.Memory.Live);
        Assert.All(backend.Memory.Accounts(), a => Assert.Equal(a.Live > 0, a.Buffers > 0));
    }

    [Fact]
    public void AtPeak_OfSeveralNames_IsWhatEachHeldWhenAllHeldMost()
    {
        var ledger = new MemoryLedger();
        ledger.Add("early", 100);
        ledger.Remove("early", 40);
        ledger.Add("late", 50); // 110 together: the peak
        ledger.Remove("late", 50);
        ledger.Add("early", 20); // 80
        Assert.Equal((80, 110), (ledger.Live, ledger.Peak));
        Assert.Equal([("early", 80, 100, 60), ("late", 0, 50, 50)], ledger.Accounts().Select(a => (a.Name, (int)a.Live, (int)a.Peak, (int)a.AtPeak)));
    }

    [Fact]
    public void Workspace_OfTheHost_IsCountedToTheByte()
    {
        using var backend = new HostBackend(2);
        var x = backend.Allocate("x", 5000);
        var result = backend.Allocate("result", 1);
        backend.SquaredNorm(result, x);
        backend.SquaredNorm(result, x);
        Assert.Equal(8, Account(backend.Memory, "workspace").Live); // two sums, of 4096 squares at most each
        Assert.Equal(4 * 5000 + 4 + 8, backend.Memory.Live);
    }

    [Fact]
    public void Add_FromSeveralThreads_LosesNothing()
    {
        var ledger = new MemoryLedger();
        Parallel.For(0, 1000, i =>
        {
            ledger.Add($"name {i % 3}", 7);
            if (i % 2 == 0) ledger.Remove($"name {i % 3}", 7);
        });
        Assert.Equal(500 * 7, ledger.Live);
        Assert.Equal(500, ledger.Accounts().Sum(a => a.Buffers));
    }

    private static MemoryAccount Account(MemoryLedger ledger, string name) => Assert.Single(ledger.Accounts(), a => a.Name == name);
}
