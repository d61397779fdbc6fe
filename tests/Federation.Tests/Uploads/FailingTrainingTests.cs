namespace LoraCollab.Federation.Tests;

/// <summary>The last of four clients is damaged in mid-run, as by a training that diverges: its numbers in a checkpoint are overwritten.</summary>
public sealed class FailingTrainingTests : IDisposable
{
    private readonly SmallRun _run = new();

    public static TheoryData<string> Mixing() => [.. StrategyRegistry.Names.Where(s => s != "local")];

    private static CollaborationOptions Excluding(params string[] schemes) => SmallRun.Options with { Schemes = schemes, OnBadUpload = BadUploadRule.Exclude };

    /// <summary>Stops a run after so many lines of metrics, fills a tensor of client 3, and gives back what the checkpoint held.</summary>
    private TensorBag Damage(CollaborationOptions options, int evaluations, string tensor, float value)
    {
        using (var stop = new CancellationTokenSource())
            Assert.ThrowsAny<OperationCanceledException>(() => Run(options, "a", new StopAfterEvaluations(stop, evaluations), stop.Token));
        using var backend = TestBackends.Open(BackendKind.Host);
        using var collaboration = new Collaboration(options, new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend), _run.Settings("a"));
        using var folder = RunFolder.Open(collaboration.Identity, _run.Settings("a") with { Resume = true });
        var checkpoints = new Checkpoints(folder);
        var (progress, bag) = checkpoints.Load(options, SmallRun.Data.Clients.Count, _ => { });
        Array.Fill(bag.Floats("client_3." + tensor), value);
        checkpoints.Save(progress, bag);
        return bag;
    }

    private RunSummary Run(CollaborationOptions options, string folder, IRunObserver? observer = null, CancellationToken stop = default) =>
        SmallRun.Run(options, _run.Settings(folder) with { Resume = observer is null }, observer, stop, BackendKind.Host);

    [Theory]
    [MemberData(nameof(Mixing))]
    public void Excluded_InALaterRound_KeepsTheAdapterOfItsLastRound(string scheme)
    {
        // The fourth line of metrics is of the second round, after iteration 5; the clients train on to 7 with NaN in the fourth one's adapter.
        var bag = Damage(Excluding(scheme), scheme == "ffa" ? 5 : 4, "adapter", float.NaN);
        var result = Run(Excluding(scheme), "a").Schemes[scheme];
        var excluded = Assert.Single(result.Excluded!);
        Assert.Equal(3, excluded.Client);
        Assert.StartsWith("its training failed: ", excluded.Reason);
        Assert.All(result.Clients, c => Assert.True(double.IsFinite(c.Loss)));
        string good = bag.Contains("client_3.good") ? "client_3.good" : "client_3.anchor";
        Assert.Equal(scheme is "fedamp" or "fedamp_heur" or "cobo" or "ditto", bag.Contains("client_3.good"));
        Assert.Equal(bag.Floats(good), Adapter("a", scheme, 3));
        Assert.Equal([0, 0, 0, 1], result.Trust[3]);
    }

    [Fact]
    public void Excluded_BeforeTheFirstRound_IsMissingUnderEverySchemeBitForBit()
    {
        Damage(Excluding("local", "weights", "fedavg"), 1, "adapter", float.NaN);
        var found = Run(Excluding("local", "weights", "fedavg"), "a");
        var without = SmallRun.Data with { Clients = [.. SmallRun.Data.Clients.Take(3)] };
        SmallRun.Run(SmallRun.Options with { Schemes = ["weights", "fedavg"] }, _run.Settings("without"), kind: BackendKind.Host, data: without);
        foreach (string scheme in (string[])["local", "weights", "fedavg"])
        {
            Assert.Equal(3, Assert.Single(found.Schemes[scheme].Excluded!).Client);
            for (int i = 0; i < 3 && scheme != "local"; i++) Assert.Equal(Adapter("without", scheme, i), Adapter("a", scheme, i));
        }
    }

    [Fact]
    public void Moments_ThatAreNotFinite_AreNotMixed()
    {
        // An infinite v makes every later step zero: of its own client, and of all whose moments are mixed with it.
        var options = Excluding("fedavg") with { OptimizerState = OptimizerStateRule.Aggregate };
        Damage(options, 4, "adamw.v", float.PositiveInfinity);
        Assert.Equal("its moments of AdamW are not finite", Assert.Single(Run(options, "a").Schemes["fedavg"].Excluded!).Reason);
    }

    public void Dispose() => _run.Dispose();

    private float[] Adapter(string folder, string scheme, int client) =>
        PeftAdapter.Load(RunFolder.AdapterFolder(_run.Folder(folder), scheme, client), SmallRun.Weights().Config).Values;
}
