namespace LoraCollab.Federation.Tests;

public sealed class CollaborationTests : IDisposable
{
    private readonly SmallRun _run = new();

    [Fact]
    public void Run_AllSchemes_FillsTheFolderAndAgreesWithIt()
    {
        var summary = SmallRun.Run(SmallRun.Options, _run.Settings("a"));
        string folder = _run.Folder("a");

        Assert.Equal(StrategyRegistry.Standard, summary.Schemes.Keys);
        Assert.Equal(summary.RunId, RunFolder.ReadSummary(folder).RunId);
        var metrics = new RunLog(Path.Combine(folder, "metrics.jsonl")).Read<MetricsLine>();
        Assert.Equal(metrics.Single(m => m.Phase == EvaluationPhase.Base).Clients.Average(c => Math.Exp(c.Loss)), summary.BasePerplexity, 1e-12);
        foreach (var (name, scheme) in summary.Schemes)
        {
            var after = metrics.Last(m => m.Scheme == name && m.Phase == EvaluationPhase.After);
            var before = metrics.Last(m => m.Scheme == name && m.Phase == EvaluationPhase.Before);
            Assert.Equal((8, 8), (after.Iteration, before.Iteration));
            Assert.Equal(after.Clients.Average(c => Math.Exp(c.Loss)), scheme.MeanPerplexity, 1e-12);
            Assert.Equal(before.Clients.Average(c => Math.Exp(c.Loss)), scheme.MeanPerplexityBefore!.Value, 1e-12);
            Assert.Equal(after.Clients.Average(c => c.Loss), scheme.MeanLoss, 1e-15);
            Assert.Equal(after.Clients.Average(c => c.Accuracy), scheme.MeanAccuracy, 1e-15);
            Assert.Equal(name == "local" ? 0 : 4, scheme.Aggregations);
            Assert.Equal(name == "local" ? [3, 5, 7, 8] : [3, 5, 7, 8], metrics.Where(m => m.Scheme == name && m.Phase == EvaluationPhase.After)
                .Select(m => m.Iteration));
            for (int i = 0; i < 4; i++) Assert.True(File.Exists(Path.Combine(folder, "adapters", name, $"client_{i}", "adapter_model.safetensors")));
        }
        Assert.False(Directory.Exists(Path.Combine(folder, "checkpoints")));
    }

    [Fact]
    public void Run_CurveEveryFewWindows_MeasuresAllTextAtTheEndAndLeavesTheResultAlone()
    {
        var sparse = SmallRun.Run(SmallRun.Options with { CurveEvery = 3 }, _run.Settings("a"));
        var full = SmallRun.Run(SmallRun.Options with { CurveEvery = 1 }, _run.Settings("b"));
        foreach (var (folder, every) in new[] { ("a", 3), ("b", 1) })
            foreach (var line in new RunLog(Path.Combine(_run.Folder(folder), "metrics.jsonl")).Read<MetricsLine>())
                Assert.Equal(
                    SmallRun.Data.Clients.Select(c => (long)new EvaluationWindows(c.ReportValidation, 8, line.Iteration is 0 or 8 ? 1 : every).PredictedTokens),
                    line.Clients.Select(c => c.Tokens));
        foreach (var (name, scheme) in sparse.Schemes) Assert.Equal(full.Schemes[name].Clients.Select(c => c.Loss), scheme.Clients.Select(c => c.Loss));
    }

    [Fact]
    public void Run_AnyScheme_BeginsWithTheSameEvaluationAndBatches()
    {
        var watcher = new Watcher();
        SmallRun.Run(SmallRun.Options, _run.Settings("a"), watcher);
        var first = watcher.Lines.Where(m => m.Phase == EvaluationPhase.Before && m.Iteration == 3).ToArray();
        Assert.Equal(StrategyRegistry.Standard, first.Select(m => m.Scheme));
        Assert.All(first, m => Assert.Equal(first[0].Clients, m.Clients));
        var alone = SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"] }, _run.Settings("b"));
        Assert.Equal(watcher.Summaries["fedavg"].Clients.Select(c => c.Loss), alone.Schemes["fedavg"].Clients.Select(c => c.Loss));
    }

    [Fact]
    public void Run_LastRound_TrustAndStoredAdaptersGiveTheFinalAdapters()
    {
        SmallRun.Run(SmallRun.Options, _run.Settings("a"));
        var config = SmallRun.Weights().Config;
        foreach (string scheme in StrategyRegistry.Standard.Where(s => s != "local"))
        {
            var line = new RunLog(Path.Combine(_run.Folder("a"), "trust.jsonl")).Read<TrustLine>().Last(t => t.Scheme == scheme);
            Assert.Equal((8, 4), (line.Iteration, line.Round));
            var final = Enumerable.Range(0, 4).Select(i => PeftAdapter.Load(Path.Combine(_run.Folder("a"), "adapters", scheme, $"client_{i}"), config))
                .ToArray();
            var before = RoundFile.Read(Path.Combine(_run.Folder("a"), "rounds", scheme, "8.safetensors"), LoraLayout.Of(config, final[0].Options),
                [0, 1, 2, 3]);
            Assert.Equal(final.Select(f => f.Values), AdapterMixer.Mix(before, TrustMatrix.FromWeights(line.Weights)));
            Assert.Equal(line.Residual, AggregationResidual.Of(AdapterShape.From(LoraLayout.Of(config, final[0].Options), final[0].Options.Scale), before,
                TrustMatrix.FromWeights(line.Weights)).Absolute);
        }
    }

    [Theory]
    [InlineData(BackendKind.Reference, 2)]
    [InlineData(BackendKind.Reference, 4)]
    [InlineData(BackendKind.Host, 2)]
    [InlineData(BackendKind.Host, 4)]
    public void Run_MoreThreads_GivesTheSameBits(BackendKind kind, int threads)
    {
        SmallRun.Run(SmallRun.Options, _run.Settings("one"), kind: kind);
        SmallRun.Run(SmallRun.Options, _run.Settings("many", threads), kind: kind);
        AssertSameResults("one", "many");
    }

    [Theory]
    [InlineData(1)]   // while the base is evaluated
    [InlineData(9)]   // within the shared iterations
    [InlineData(60)]  // within the first scheme
    [InlineData(150)] // within a later one
    [InlineData(260)]
    public void Run_StoppedAndResumed_GivesTheSameBits(int after)
    {
        SmallRun.Run(SmallRun.Options, _run.Settings("whole"));
        StopAfter(after, "stopped");
        Assert.Contains("resume it", Assert.ThrowsAny<UserException>(() => SmallRun.Run(SmallRun.Options, _run.Settings("stopped"))).Message);
        var watcher = new Watcher();
        var summary = SmallRun.Run(SmallRun.Options, _run.Settings("stopped") with { Resume = true }, watcher);
        Assert.Contains(watcher.Notes, n => n.Contains("resumed from"));
        AssertSameResults("whole", "stopped");
        AssertSameSummary(RunFolder.ReadSummary(_run.Folder("whole")), summary);
    }

    [Fact]
    public void Run_StoppedManyTimes_GivesTheSameBits()
    {
        SmallRun.Run(SmallRun.Options, _run.Settings("whole"));
        StopAfter(30, "stopped");
        for (bool done = false; !done;)
        {
            using var stop = new CancellationTokenSource();
            try
            {
                SmallRun.Run(SmallRun.Options, _run.Settings("stopped", threads: 2) with { Resume = true }, new Watcher(45, stop), stop.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
            }
        }
        AssertSameResults("whole", "stopped");
    }

    [Fact]
    public void Run_KilledBetweenCheckpoints_DropsWhatTheLogsHaveBeyondThem()
    {
        SmallRun.Run(SmallRun.Options, _run.Settings("whole"));
        StopAfter(170, "killed");
        foreach (string log in RunFolder.Logs) File.AppendAllText(Path.Combine(_run.Folder("killed"), log + ".jsonl"), "{\"scheme\": \"half a li");
        SmallRun.Run(SmallRun.Options, _run.Settings("killed") with { Resume = true });
        AssertSameResults("whole", "killed");
    }

    [Fact]
    public void Run_SameCommandAgain_GivesTheStoredResult()
    {
        var first = SmallRun.Run(SmallRun.Options, _run.Settings("a"));
        var written = File.GetLastWriteTimeUtc(Path.Combine(_run.Folder("a"), "summary.json"));
        var watcher = new Watcher();
        var second = SmallRun.Run(SmallRun.Options, _run.Settings("a", threads: 2), watcher);
        Assert.Equal(first.Seconds, second.Seconds);
        Assert.Empty(watcher.Lines);
        Assert.Contains(watcher.Notes, n => n.Contains("stored result"));
        SmallRun.Run(SmallRun.Options, _run.Settings("a") with { Fresh = true }, watcher);
        Assert.NotEmpty(watcher.Lines);
        Assert.NotEqual(written, File.GetLastWriteTimeUtc(Path.Combine(_run.Folder("a"), "summary.json")));
    }

    [Fact]
    public void Run_ResumeWithoutCheckpoint_BeginsAndSaysSo()
    {
        var watcher = new Watcher();
        var summary = SmallRun.Run(SmallRun.Options with { Schemes = ["local"] }, _run.Settings("a") with { Resume = true }, watcher);
        Assert.Contains(watcher.Notes, n => n.Contains("no checkpoint"));
        Assert.Equal(["local"], summary.Schemes.Keys);
    }

    [Fact]
    public void Run_AnotherConfigurationInTheFolder_NamesTheDifference()
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["local"] }, _run.Settings("a"));
        var e = Assert.ThrowsAny<UserException>(() => SmallRun.Run(SmallRun.Options with { Schemes = ["local"], LearningRate = 1e-3 }, _run.Settings("a")));
        Assert.Contains("options.learning_rate = 0.005 instead of 0.001", e.Message);
    }

    [Fact]
    public void Run_LossNotFinite_NamesSchemeClientIterationAndTensor()
    {
        var e = Assert.Throws<CollaborationFailedException>(() => SmallRun.Run(SmallRun.Options, _run.Settings("a"), weights: new Spoilt(SmallRun.Weights())));
        Assert.Contains("scheme base, client 0", e.Message);
        Assert.Contains("h.1.mlp.c_fc.weight", e.Message);
    }

    [Fact]
    public void Run_LearningRateTooLarge_StopsWhenTheLossIsLost()
    {
        var e = Assert.Throws<CollaborationFailedException>(() => SmallRun.Run(SmallRun.Options with { LearningRate = 1e38 }, _run.Settings("a")));
        Assert.Matches("scheme (shared|local), client 0, .*iteration", e.Message);
        Assert.Contains("lora_", e.Message);
    }

    [Fact]
    public void Run_DataWithoutCategories_LeavesTheoreticalOut()
    {
        var watcher = new Watcher();
        var summary = SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg", "theoretical"] }, _run.Settings("a"), watcher,
            data: SmallRun.Deal(SmallRun.Corpus([])));
        Assert.Equal(["fedavg"], summary.Schemes.Keys);
        Assert.Contains(watcher.Notes, n => n.Contains("theoretical is left out"));
    }

    [Fact]
    public void Run_PaperMode_EvaluatesAfterOnlyAndUsesThePublishedForms()
    {
        var options = SmallRun.Options with { PredictionPositions = null, Compat = Compat.Paper.With(Trap.OracleTables, false) };
        var summary = SmallRun.Run(options, _run.Settings("a"));
        var metrics = new RunLog(Path.Combine(_run.Folder("a"), "metrics.jsonl")).Read<MetricsLine>();
        Assert.DoesNotContain(metrics, m => m.Phase == EvaluationPhase.Before);
        Assert.All(summary.Schemes.Values, s => Assert.Null(s.MeanPerplexityBefore));
        using var written = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(_run.Folder("a"), "summary.json")));
        Assert.All(written.RootElement.GetProperty("schemes").EnumerateObject(),
            s => Assert.Equal(System.Text.Json.JsonValueKind.Null, s.Value.GetProperty("mean_perplexity_before").ValueKind));
        var trust = new RunLog(Path.Combine(_run.Folder("a"), "trust.jsonl")).Read<TrustLine>();
        Assert.All(trust.Where(t => t.Scheme == "validation"), t => Assert.Equal(-Math.Exp(t.Loss![1][2]), t.Scores[1][2], 1e-12));
        Assert.All(trust.Where(t => t.Scheme == "prediction"), t => Assert.All(t.Scores, row => Assert.Equal(-10, row.Sum(), 1e-9)));
        Assert.All(metrics.Where(m => m.Iteration == 3 && m.Scheme == "weights"), m => Assert.All(m.Clients, c => Assert.NotNull(c.TrainLoss)));
    }

    [Fact]
    public void Construct_MoreNeighboursThanClients_IsRefused()
    {
        Assert.Contains("neighbours 5", Assert.ThrowsAny<UserException>(() => SmallRun.Run(SmallRun.Options with { Schemes = ["local"], Neighbours = 5 },
            _run.Settings("a"))).Message);
        Assert.Equal(["local"], SmallRun.Run(SmallRun.Options with { Schemes = ["local"], Neighbours = 4 }, _run.Settings("a")).Schemes.Keys);
    }

    [Fact]
    public void Run_PublishedOracleWithoutATable_SaysWhatToGive()
    {
        var options = SmallRun.Options with { Compat = Compat.Corrected.With(Trap.OracleTables, true), Schemes = ["theoretical"] };
        var data = SmallRun.Deal(SmallRun.Corpus(["a", "b", "c", "d", "e"]));
        Assert.Contains("trap 23=paper", Assert.Throws<OptionException>(() => SmallRun.Run(options, _run.Settings("a"), data: data)).Message);
    }

    [Theory]
    [InlineData(OptimizerStateRule.Reset)]
    [InlineData(OptimizerStateRule.Aggregate)]
    public void Run_OptimizerStateRule_ChangesWhatFollowsTheMix(OptimizerStateRule rule)
    {
        var options = SmallRun.Options with { Schemes = ["fedavg"] };
        var kept = SmallRun.Run(options, _run.Settings("keep"));
        var changed = SmallRun.Run(options with { OptimizerState = rule }, _run.Settings("change"));
        Assert.NotEqual(kept.Schemes["fedavg"].MeanLoss, changed.Schemes["fedavg"].MeanLoss);
    }

    [Fact]
    public void Run_Ring_EvaluatesOnlyNeighbours()
    {
        var summary = SmallRun.Run(SmallRun.Options with { Topology = "ring", Schemes = ["validation"] }, _run.Settings("a"));
        Assert.Equal(4 * 4 * 3, summary.Schemes["validation"].TrustEvaluations);
        var line = new RunLog(Path.Combine(_run.Folder("a"), "trust.jsonl")).Read<TrustLine>()[0];
        Assert.True(double.IsNaN(line.Loss![0][2]) && line.Weights[0][2] == 0);
    }

    [Fact]
    public void Run_KeepRounds_KeepsWhatWasAsked()
    {
        var options = SmallRun.Options with { Schemes = ["fedavg"] };
        int Kept(KeepRounds keep)
        {
            SmallRun.Run(options, _run.Settings(keep.ToString()) with { KeepRounds = keep });
            string rounds = Path.Combine(_run.Folder(keep.ToString()), "rounds");
            return Directory.Exists(rounds) ? Directory.EnumerateFiles(rounds, "*", SearchOption.AllDirectories).Count() : 0;
        }
        Assert.Equal((4, 1, 0), (Kept(KeepRounds.All), Kept(KeepRounds.Last), Kept(KeepRounds.None)));
    }

    [Fact]
    public void Plan_OfARun_CountsTheWorkThatIsDone()
    {
        var watcher = new Watcher();
        using var backend = TestBackends.Open(BackendKind.Reference);
        using var collaboration = new Collaboration(SmallRun.Options, new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend),
            _run.Settings("a"));
        collaboration.Run(watcher);
        Assert.Equal(collaboration.Plan.Work, watcher.Done, 1e-6);
        Assert.Equal(4 * (3 + 6 * 5), collaboration.Plan.Steps);
        Assert.Equal(4, collaboration.Plan.Aggregations);
    }

    public void Dispose() => _run.Dispose();

    private void StopAfter(int advances, string folder)
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => SmallRun.Run(SmallRun.Options, _run.Settings(folder, checkpointEvery: 3),
            new Watcher(advances, stop), stop.Token));
    }

    private void AssertSameResults(string expected, string actual)
    {
        var (a, b) = (SmallRun.Results(_run.Folder(expected)), SmallRun.Results(_run.Folder(actual)));
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        Assert.All(a, file => Assert.True(file.Value == b[file.Key], $"{file.Key} differs"));
    }

    private static void AssertSameSummary(RunSummary expected, RunSummary actual)
    {
        Assert.Equal((expected.RunId, expected.BasePerplexity), (actual.RunId, actual.BasePerplexity));
        foreach (var (name, scheme) in expected.Schemes)
        {
            var other = actual.Schemes[name];
            Assert.Equal((scheme.MeanPerplexity, scheme.MeanLoss, scheme.Aggregations, scheme.BytesUp, scheme.BytesDown, scheme.TrustEvaluations),
                (other.MeanPerplexity, other.MeanLoss, other.Aggregations, other.BytesUp, other.BytesDown, other.TrustEvaluations));
            Assert.Equal(scheme.Trust, other.Trust);
        }
    }

    /// <summary>Remembers what it is told, and stops the run after a number of advances.</summary>
    private sealed class Watcher(int stopAfter = int.MaxValue, CancellationTokenSource? stop = null) : IRunObserver
    {
        private int _advances;

        public List<string> Notes { get; } = [];
        public List<MetricsLine> Lines { get; } = [];
        public Dictionary<string, SchemeSummary> Summaries { get; } = [];
        public double Done { get; private set; }

        public void Noted(string note) => Notes.Add(note);

        public void Advanced(string stage, int iteration, double done)
        {
            Done = done;
            if (++_advances == stopAfter) stop!.Cancel();
        }

        public void Evaluated(MetricsLine line) => Lines.Add(line);

        public void Aggregated(TrustLine line) { }

        public void Finished(string scheme, SchemeSummary summary) => Summaries.Add(scheme, summary);
    }

    /// <summary>One damaged number in one matrix.</summary>
    private sealed class Spoilt(IWeights weights) : IWeights
    {
        public GptConfig Config => weights.Config;

        public void Read(string name, Span<float> destination)
        {
            weights.Read(name, destination);
            if (name == "h.1.mlp.c_fc.weight") destination[3] = float.NaN;
        }
    }
}
