namespace LoraCollab.Federation.Tests;

/// <summary>That the memory a plan announces is what the backend holds at its peak, for every method that wants more than adapters.</summary>
public sealed class RunMemoryTests : IDisposable
{
    private readonly SmallRun _run = new();

    [Theory]
    [InlineData(BackendKind.Reference, 1, "local")]
    [InlineData(BackendKind.Reference, 1, "fedavg", "prediction")]
    [InlineData(BackendKind.Reference, 1, "fedprox")]
    [InlineData(BackendKind.Reference, 1, "ditto")]
    [InlineData(BackendKind.Reference, 1, "cobo")]
    [InlineData(BackendKind.Reference, 1, "learned")]
    [InlineData(BackendKind.Host, 1, "weights", "validation", "prediction")]
    [InlineData(BackendKind.Host, 2, "weights", "validation", "prediction")]
    public void Plan_OfMethods_AnnouncesWhatTheBackendHolds(BackendKind kind, int threads, params string[] schemes)
    {
        using var backend = TestBackends.Open(kind, threads);
        var inputs = new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend);
        MemoryEstimate planned;
        using (var collaboration = new Collaboration(SmallRun.Options with { Schemes = schemes }, inputs, _run.Settings("run", threads)))
        {
            planned = collaboration.Plan.Memory;
            collaboration.Run(new SilentObserver(), default);
        }

        var held = MemoryGroups.AtPeak(backend.Memory);
        foreach (var group in new[] { MemoryGroup.Base, MemoryGroup.Adapters, MemoryGroup.Optimiser, MemoryGroup.Activations, MemoryGroup.Scratch })
            Assert.True(
                planned[group] == held[group] || (threads > 1 && planned[group] > held[group] && planned[group] < 1.01 * held[group]),
                $"{group}: {planned[group]} announced, {held[group]} held");
        Assert.False(held.ContainsKey(MemoryGroup.Other));
        // Of several lanes one may never meet the largest ops, or a method that wants room for its predictions.
        Assert.InRange(planned.Total / (double)backend.Memory.Peak, 0.97, threads > 1 ? 1.2 : 1.03);
        Assert.Equal(0, MemoryGroups.Live(backend.Memory).Where(g => g.Key != MemoryGroup.Workspace).Sum(g => g.Value));
    }

    public void Dispose() => _run.Dispose();
}
