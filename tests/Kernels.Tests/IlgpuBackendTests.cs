namespace LoraCollab.Kernels.Tests;

/// <summary>What the ILGPU backend does besides its sums, on the simulator.</summary>
public sealed class IlgpuBackendTests : IDisposable
{
    private readonly ComputeBackend _backend = Backends.Create(BackendKind.Simulator, 1);

    public void Dispose() => _backend.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Embedding_OfAnUnknownId_IsReportedAtTheNextWaitAndOnlyThere(int id)
    {
        var ids = _backend.AllocateInts("ids", 4);
        _backend.Write(ids, [0, 2, id, 1]);
        var x = _backend.Allocate("x", 8);
        var wpe = _backend.Allocate("wpe", 4);
        using var wte = _backend.Pack("wte", [1, 2, 3, 4, 5, 6], 2, 3, transposed: true);
        _backend.Embedding(x, ids, wte, wpe, 2, 2, 0);
        var e = Assert.Throws<ArgumentOutOfRangeException>(_backend.Synchronize);
        Assert.StartsWith("embedding: the id at position 2 is outside the vocabulary of 3", e.Message);
        Assert.Equal(id, e.ActualValue);
        _backend.Synchronize();
    }

    [Fact]
    public void EmbeddingBackward_OfAnUnknownId_IsReported()
    {
        var ids = _backend.AllocateInts("ids", 2);
        _backend.Write(ids, [1, 3]);
        View dwte = _backend.Allocate("dwte", 6), dwpe = _backend.Allocate("dwpe", 4), dx = _backend.Allocate("dx", 4);
        _backend.EmbeddingBackward(dwte, dwpe, ids, dx, 1, 2, 2);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => _backend.Download(new float[6], dwte));
        Assert.StartsWith("embedding_backward: the id at position 1 is outside the vocabulary of 3", e.Message);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(3)]
    public void Classifier_OfAnUnknownTarget_IsReportedWithItsPlaceInTheBatch(int target)
    {
        const int Rows = 130;
        var targets = _backend.AllocateInts("targets", Rows);
        var ids = new int[Rows];
        ids[129] = target;
        _backend.Write(targets, ids);
        View losses = _backend.Allocate("losses", Rows), x = _backend.Allocate("x", Rows * 2);
        using var head = _backend.Pack("head", [1, 2, 3, 4, 5, 6], 2, 3);
        _backend.Classifier(losses, default, default, default, x, head, targets, Rows, 1);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => _backend.Download(new float[Rows], losses));
        Assert.StartsWith("classifier: the id at position 129 is outside the vocabulary of 3", e.Message);
    }

    [Fact]
    public void Classifier_OfNaN_GivesALossThatIsNaN()
    {
        var targets = _backend.AllocateInts("targets", 1);
        View losses = _backend.Allocate("losses", 1), x = _backend.Allocate("x", 2);
        _backend.Write(x, [float.NaN, 1f]);
        using var head = _backend.Pack("head", [1, 2, 3, 4, 5, 6], 2, 3);
        _backend.Classifier(losses, default, default, default, x, head, targets, 1, 1);
        var loss = new float[1];
        _backend.Download(loss, losses);
        Assert.Equal(float.NaN, loss[0]);
    }

    [Fact]
    public void Lanes_OnThreadsOfTheirOwn_HaveTheBitsOfOneAfterTheOther() => GpuCaseTests.RequireLanesApart(_backend, CaseSize.Tiny);

    [Fact]
    public void Memory_OfAnotherBackend_IsRefusedByName()
    {
        using var other = Backends.Create(BackendKind.Reference, 1);
        View mine = _backend.Allocate("mine", 4), theirs = other.Allocate("theirs", 4);
        var e = Assert.Throws<ArgumentException>(() => _backend.Copy(mine, theirs));
        Assert.Contains("theirs: allocated by another backend", e.Message);
    }

    [Fact]
    public void Upload_OfTooFewValues_NamesTheTensorAndBothLengths()
    {
        var e = Assert.Throws<ArgumentException>(() => _backend.Write(_backend.Allocate("weights", 4), new float[3]));
        Assert.Contains("weights[0..4]: expected 4 values, found 3", e.Message);
    }

    [Fact]
    public void Devices_OnAnyMachine_ListsHostAndSimulatorAndSaysWhatIsMissing()
    {
        var devices = Devices.All();
        Assert.Equal(BackendKind.Host, devices[0].Kind);
        Assert.Single(devices, d => d.Kind == BackendKind.Simulator && d.Capable);
        foreach (var kind in new[] { BackendKind.Cuda, BackendKind.OpenCL })
        {
            var found = devices.Where(d => d.Kind == kind).ToList();
            Assert.NotEmpty(found);
            Assert.All(found, d => Assert.NotEqual(d.Capable, d.Reason.Length > 0));
            if (found.All(d => !d.Capable))
                Assert.Contains(found[0].Reason, Assert.Throws<PlatformNotSupportedException>(() => Backends.Create(kind, 1)).Message);
        }
        Assert.Equal(devices.Any(d => d.Kind == BackendKind.Cuda && d.Capable) ? BackendKind.Cuda : BackendKind.Host, Devices.Auto());
    }
}
