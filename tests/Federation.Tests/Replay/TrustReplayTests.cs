namespace LoraCollab.Federation.Tests;

public sealed class TrustReplayTests : IDisposable
{
    private readonly SmallRun _run = new();
    private readonly ComputeBackend _backend = TestBackends.Open(BackendKind.Host);

    private Collaboration Open(CollaborationOptions options, FederatedData? data = null, KeepRounds keep = KeepRounds.All) =>
        new(options, new CollaborationInputs("random", SmallRun.Weights(), data ?? SmallRun.Data, _backend), _run.Settings("a") with { KeepRounds = keep });

    private RunRecord Ran(CollaborationOptions options, KeepRounds keep = KeepRounds.All)
    {
        using var collaboration = Open(options, keep: keep);
        collaboration.Run(new SilentObserver());
        return RunRecord.Read(_run.Folder("a"));
    }

    [Theory]
    [InlineData("corrected")]
    [InlineData("paper")]
    public void Run_TheSchemeThatRan_GivesTheMatricesThatWereUsedBitForBit(string mode)
    {
        var options = SmallRun.Options with
        {
            Schemes = mode == "paper" ? StrategyRegistry.Standard : StrategyRegistry.Names,
            Compat = Compat.Parse("compat", mode),
            PredictionPositions = mode == "paper" ? null : "20",
        };
        var run = Ran(options);
        using var collaboration = Open(run.Identity.Options);
        var replay = new TrustReplay(collaboration, run);
        Assert.Equal(options.Schemes.Where(s => s != "local"), replay.Recorded);
        var written = new RunLog(_run.Folder("again.jsonl"));
        foreach (string scheme in replay.Recorded) written.Append(replay.Run(scheme, scheme));
        Assert.Equal(File.ReadAllText(Path.Combine(_run.Folder("a"), "trust.jsonl")), File.ReadAllText(written.Path));
    }

    [Fact]
    public void Run_OtherTemperature_IsTheSoftmaxOfTheRecordedScores()
    {
        var run = Ran(SmallRun.Options with { Schemes = ["prediction"] });
        using var collaboration = Open(run.Identity.Options with { Temperature = new PerScheme { ["prediction"] = 0.7 } });
        foreach (var (then, now) in run.Trust.Zip(new TrustReplay(collaboration, run).Run("prediction", "prediction")))
            for (int i = 0; i < 4; i++)
            {
                double[] e = [.. then.Scores[i].Select(s => Math.Exp(s / 0.7))];
                for (int j = 0; j < 4; j++) Assert.Equal(e[j] / e.Sum(), now.Weights[i][j], 1e-12);
            }
    }

    [Fact]
    public void Run_OnAnotherSchemesAdapters_JudgesThoseOfItsRounds()
    {
        var run = Ran(SmallRun.Options with { Schemes = ["fedavg"] });
        using var collaboration = Open(run.Identity.Options);
        var lines = new TrustReplay(collaboration, run).Run("validation", "fedavg").ToArray();
        Assert.Equal([(3, 1), (5, 2), (7, 3), (8, 4)], lines.Select(l => (l.Iteration, l.Round)));

        var lora = new LoraOptions { Rank = 2, Alpha = 32, Dropout = 0.1f, Targets = LoraTargets.Attention };
        using var model = GptModel.Frozen(_backend, SmallRun.Weights());
        using var adapter = new LoraAdapter(_backend, model.Config, lora, trainable: false);
        adapter.Set(RoundFile.Read(Path.Combine(_run.Folder("a"), "rounds", "fedavg", "7.safetensors"), adapter.Layout, [0, 1, 2, 3])[3]);
        using var pass = new GptPass(model, _backend, 4, 8, PassKind.Forward, lora);
        Assert.Equal(new Evaluator(pass).Evaluate(new EvaluationWindows(SmallRun.Data.Clients[1].TrustValidation, 8), adapter).Loss, lines[2].Loss![1][3],
            1e-6);
    }

    [Fact]
    public void Rounds_Anchors_AreWhatTheClientsReceived()
    {
        var run = Ran(SmallRun.Options with { Schemes = ["validation"] });
        using var collaboration = Open(run.Identity.Options);
        var rounds = new TrustReplay(collaboration, run).Rounds("validation").ToArray();
        for (int r = 1; r < rounds.Length; r++)
            Assert.Equal(AdapterMixer.Mix(rounds[r - 1].Adapters.Now, TrustMatrix.FromWeights(run.Trust[r - 1].Weights)), rounds[r].Adapters.Anchors);
        Assert.Same(rounds[0].Adapters.Initial, rounds[0].Adapters.Anchors);
    }

    [Fact]
    public void Replay_WhatIsNotThatRun_IsRefusedByName()
    {
        var run = Ran(SmallRun.Options with { Schemes = ["local", "fedavg"] }, KeepRounds.Last);
        using var same = Open(run.Identity.Options);
        Assert.Contains("choose one of fedavg", Assert.ThrowsAny<UserException>(() => new TrustReplay(same, run).Rounds("weights").ToArray()).Message);
        Assert.Contains("never mixes", Assert.ThrowsAny<UserException>(() => new TrustReplay(same, run).Run("local", "fedavg").ToArray()).Message);
        Assert.Contains("keep rounds", Assert.ThrowsAny<UserException>(() => new TrustReplay(same, run).Rounds("fedavg").ToArray()).Message);
        using var other = Open(run.Identity.Options, SmallRun.Deal(SmallRun.Corpus(["one", "two", "three"])));
        Assert.Contains("the run had data of hash", Assert.ThrowsAny<UserException>(() => new TrustReplay(other, run)).Message);
    }

    [Fact]
    public void AfterLocal_LastAdapters_AreJudgedAsTheyStandAndStored()
    {
        var run = Ran(SmallRun.Options with { Schemes = ["local"] });
        using var collaboration = Open(run.Identity.Options);
        var lines = TrustAfterLocal.RunOrRead(collaboration);
        Assert.Equal([("weights", 8, 0), ("validation", 8, 0), ("prediction", 8, 0)], lines.Select(l => (l.Scheme, l.Iteration, l.Round)));
        for (int i = 0; i < 4; i++) Assert.Equal(run.Summary.Schemes["local"].Clients[i].TrustLoss, lines[1].Loss![i][i]);
        string stored = File.ReadAllText(Path.Combine(_run.Folder("a"), RunRecord.AfterLocalFile));
        Assert.Equal(3, RunRecord.Read(_run.Folder("a")).AfterLocal.Count);
        TrustAfterLocal.RunOrRead(collaboration);
        Assert.Equal(stored, File.ReadAllText(Path.Combine(_run.Folder("a"), RunRecord.AfterLocalFile)));
    }

    public void Dispose()
    {
        _backend.Dispose();
        _run.Dispose();
    }
}
