namespace LoraCollab.Federation.Tests;

/// <summary>Runs whose clients start from an adapter that has learnt something.</summary>
public sealed class StartAdapterTests : IDisposable
{
    private readonly SmallRun _run = new();

    /// <summary>What client 0 of another run ended with.</summary>
    private PeftAdapter Learnt()
    {
        if (!Directory.Exists(_run.Folder("before"))) SmallRun.Run(Options("local"), _run.Settings("before"));
        return RunFolder.ReadAdapter(_run.Folder("before"), "local", 0, SmallRun.Weights().Config);
    }

    private static CollaborationOptions Options(params string[] schemes) => SmallRun.Options with { Schemes = schemes };

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Run_FromAnAdapter_BeginsWithItsPredictions()
    {
        // A rate so small that nothing is learnt in float32's eyes: what the clients end with is what they began with.
        SmallRun.Run(Options("local", "ffa") with { LearningRate = 1e-30, WeightDecay = 0 }, _run.Settings("a"), start: Learnt());
        foreach (string scheme in (string[])["local", "ffa"])
            for (int client = 0; client < 4; client++)
                Assert.Equal(Learnt().Values, RunFolder.ReadAdapter(_run.Folder("a"), scheme, client, SmallRun.Weights().Config).Values);
    }

    [Fact]
    public void Run_FromAnAdapter_IsAnotherRunAndItsFolderHoldsTheAdapter()
    {
        var fresh = SmallRun.Run(Options("local"), _run.Settings("fresh"));
        var started = SmallRun.Run(Options("local"), _run.Settings("a"), start: Learnt());
        Assert.NotEqual(fresh.RunId, started.RunId);
        Assert.DoesNotContain("\"adapter\":", File.ReadAllText(Path.Combine(_run.Folder("fresh"), "config.json")));
        Assert.Equal(Learnt().Values, RunFolder.ReadStart(_run.Folder("a"), SmallRun.Weights().Config).Values);
        Assert.Contains("start/adapter_model.safetensors", FileHashes.Load(_run.Folder("a"))!.Files.Keys);
        var other = Options("local") with { Adapter = new string('0', 64) };
        Assert.Contains("hash", Assert.ThrowsAny<UserException>(() => SmallRun.Run(other, _run.Settings("b"))).Message);
    }

    /// <summary>Stopped at each evaluation and resumed: every file as of a run that was left alone.</summary>
    [Fact]
    public void Resume_FromAnAdapter_EndsWithTheSameBits()
    {
        var options = Options("weights", "prediction", "ffa");
        SmallRun.Run(options, _run.Settings("whole"), start: Learnt());
        for (int evaluations = 1; evaluations < 8; evaluations += 3)
        {
            string name = $"stopped{evaluations}";
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() =>
                SmallRun.Run(options, _run.Settings(name), new StopAfterEvaluations(stop, evaluations), stop.Token, start: Learnt()));
            SmallRun.Run(options, _run.Settings(name) with { Resume = true }, start: Learnt());
            Assert.Equal(SmallRun.Results(_run.Folder("whole")), SmallRun.Results(_run.Folder(name)));
            StoredResult.Require(_run.Folder(name));
        }
    }

    /// <summary>Whole adapters would be as alike as what they all started from; scheme 1 looks at what was learnt since.</summary>
    [Fact]
    public void Weights_OfWholeAdapters_ComparesWhatWasLearntSinceTheStart()
    {
        var options = Options("weights") with { ScoreOn = ScoreOn.Adapter, Self = "scored" };
        SmallRun.Run(options, _run.Settings("a"), start: Learnt());
        var record = RunRecord.Read(_run.Folder("a"));
        var layout = LoraLayout.Of(SmallRun.Weights().Config, Learnt().Options);
        var shape = AdapterShape.From(layout, Learnt().Options.Scale);
        foreach (var line in record.RoundsOf("weights"))
        {
            float[][] adapters = RoundFile.Read(RunFolder.RoundFile(_run.Folder("a"), "weights", line.Iteration), layout, [0, 1, 2, 3]);
            var since = UpdateSpace.Cosines(shape, adapters, [.. adapters.Select(_ => Learnt().Values)]);
            var whole = UpdateSpace.Cosines(shape, adapters, null);
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++)
                    if (i != j) Assert.Equal(since[i][j], line.Scores[i][j], 1e-12);
            Assert.True(whole[0][1] > since[0][1] + 0.01, $"iteration {line.Iteration}: whole {whole[0][1]}, since {since[0][1]}");
        }
    }

    /// <summary>A fresh adapter is B = 0, so that what was learnt since it is the adapter: nothing is asked of it that was not asked before.</summary>
    [Fact]
    public void Since_OfFreshAdapters_IsNothing()
    {
        var layout = LoraLayout.Of(SmallRun.Weights().Config, Learnt().Options);
        var shape = AdapterShape.From(layout, 1);
        float[][] fresh = [LoraAdapter.InitialValues(SmallRun.Weights().Config, Learnt().Options, LoraInitialisation.Inputs, 1, 0)], mixed = [Learnt().Values];
        IReadOnlyList<float[]>? Since(ScoreOn scoreOn, float[][] lastMix, float[][] initial) =>
            new WeightSimilarity(scoreOn: scoreOn).Since(new HandRound { Shape = shape, Anchors = lastMix, Initial = initial });
        Assert.Null(Since(ScoreOn.Adapter, mixed, fresh));
        Assert.Same(mixed, Since(ScoreOn.Adapter, fresh, mixed));
        Assert.Same(fresh, Since(ScoreOn.Round, fresh, mixed));
    }

    [Fact]
    public void Run_FromAnAdapterWithAnAOfEachClient_IsRefused()
    {
        var options = Options("local") with { Compat = Compat.Corrected.With("2=paper") };
        Assert.Contains("trap 2 = paper", Assert.ThrowsAny<UserException>(() => SmallRun.Run(options, _run.Settings("a"), start: Learnt())).Message);
    }

    [Fact]
    public void Run_FromAnAdapterOfAnotherForm_IsRefused() => Assert.Contains("has the form", Assert.ThrowsAny<UserException>(() =>
        SmallRun.Run(Options("local") with { Rank = 3 }, _run.Settings("a"), start: Learnt())).Message);
}
