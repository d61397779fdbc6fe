namespace LoraCollab.Federation.Tests;

/// <summary>Runs in which one of four clients is silent in every round.</summary>
public sealed class AbsenceTests : IDisposable
{
    private readonly SmallRun _run = new();

    private static CollaborationOptions Absent(params string[] schemes) => SmallRun.Options with { Schemes = schemes, Absent = 0.25, Iterations = 14 };

    [Fact]
    public void FedAvg_WithASilentClient_IsTheMeanOfTheOthersAndLeavesItsAdapter()
    {
        SmallRun.Run(Absent("fedavg"), _run.Settings("a"));
        var run = RunRecord.Read(_run.Folder("a"));
        Assert.All(run.RoundsOf("fedavg"), line => Assert.Single(line.Absent!));
        Assert.True(run.RoundsOf("fedavg").Select(l => l.Absent![0]).Distinct().Count() > 1);
        var last = run.RoundsOf("fedavg")[^1];
        int silent = last.Absent![0];
        int[] present = [.. last.TookPart().Present];
        foreach (int i in present) Assert.Equal(1.0 / 3, last.Weights[i][present[0]], 15);
        float[][] sent = RoundFile.Read(RunFolder.RoundFile(run.Folder, "fedavg", last.Iteration), Layout, present);
        float[] mean = [.. sent[0].Select((_, e) => (float)sent.Sum(a => a[e] * (1.0 / 3)))];
        foreach (int i in present) Assert.Equal(mean, Adapter("a", "fedavg", i));
        Assert.NotEqual(mean, Adapter("a", "fedavg", silent));
        Assert.All(run.Metrics.Where(m => m.Iteration == last.Iteration && m.Phase == EvaluationPhase.Before),
            before => Assert.Equal(before.Clients[silent].Loss, run.Metrics[^1].Clients[silent].Loss));
        Assert.Equal(4, run.Summary.Schemes["fedavg"].Counted.Count());
    }

    [Fact]
    public void Schemes_OfOneRun_MissTheSameClients()
    {
        SmallRun.Run(Absent("fedavg", "weights"), _run.Settings("a"));
        var run = RunRecord.Read(_run.Folder("a"));
        Assert.Equal(run.RoundsOf("fedavg").Select(l => l.Absent![0]), run.RoundsOf("weights").Select(l => l.Absent![0]));
    }

    [Fact]
    public void ServerMomentum_WhoeverIsSilent_IsOneServer()
    {
        // β = 0 and η = 1 are FedAvg; with β > 0 the velocity goes on although its first client is silent in some rounds.
        CollaborationOptions With(double beta) => Absent("fedavgm") with { Method = new Dictionary<string, double> { ["fedavgm.beta"] = beta } };
        SmallRun.Run(With(0), _run.Settings("zero"));
        SmallRun.Run(Absent("fedavg"), _run.Settings("fedavg"));
        for (int i = 0; i < 4; i++)
            Assert.Equal(Adapter("fedavg", "fedavg", i), Adapter("zero", "fedavgm", i), (a, b) => Math.Abs(a - b) < 1e-6);

        SmallRun.Run(With(0.9), _run.Settings("some"));
        var run = RunRecord.Read(_run.Folder("some"));
        float[] initial = LoraAdapter.InitialValues(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }, LoraInitialisation.Inputs, 1, 0);
        float[][] received = [.. Enumerable.Repeat(initial, 4)];
        double[] velocity = new double[initial.Length];
        foreach (var line in run.RoundsOf("fedavgm"))
        {
            int[] present = [.. line.TookPart().Present];
            float[][] sent = RoundFile.Read(RunFolder.RoundFile(run.Folder, "fedavgm", line.Iteration), Layout, present);
            float[] next = new float[initial.Length];
            for (int e = 0; e < next.Length; e++)
            {
                velocity[e] = 0.9 * velocity[e] + present.Select((i, k) => sent[k][e] - (double)received[i][e]).Average();
                next[e] = (float)(present.Average(i => (double)received[i][e]) + velocity[e]);
            }
            foreach (int i in present) received[i] = next;
        }
        foreach (int i in run.RoundsOf("fedavgm")[^1].TookPart().Present)
            Assert.Equal(received[i], Adapter("some", "fedavgm", i), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Contains(run.RoundsOf("fedavgm"), line => line.Absent!.Contains(0));
    }

    [Fact]
    public void Replay_OfEveryScheme_GivesTheMatricesThatWereUsedBitForBit()
    {
        var options = Absent([.. StrategyRegistry.Names]) with { Attack = "nan", OnBadUpload = BadUploadRule.Exclude };
        SmallRun.Run(options, _run.Settings("a"));
        var run = RunRecord.Read(_run.Folder("a"));
        using var backend = TestBackends.Open(BackendKind.Reference);
        var inputs = new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend);
        using var collaboration = new Collaboration(run.Identity.Options, inputs, _run.Settings("a"));
        var replay = new TrustReplay(collaboration, run);
        var written = new RunLog(_run.Folder("again.jsonl"));
        foreach (string scheme in replay.Recorded) written.Append(replay.Run(scheme, scheme));
        Assert.Equal(File.ReadAllText(Path.Combine(_run.Folder("a"), "trust.jsonl")), File.ReadAllText(written.Path));
        var regret = new OptimalTrust(collaboration, run).Of("weights", lastOnly: true).Single();
        Assert.Equal(run.RoundsOf("weights")[^1].Absent!.Count, regret.Loss.Count(double.IsNaN));
        Assert.True(double.IsFinite(regret.Regret));
        int silent = run.RoundsOf("weights")[^1].Absent![0], other = run.RoundsOf("weights")[^1].TookPart().Present[0];
        var failure = Assert.ThrowsAny<UserException>(() => new TrustExplainer(collaboration, run).Explain("weights", other, silent, null));
        Assert.Contains($"client {silent} took no part", failure.Message);
    }

    [Theory]
    [InlineData(0.1, "of 4 clients 0 would be silent")]
    [InlineData(0.9, "of 4 clients 4 would be silent")]
    [InlineData(0, "absent 0: expected a number above 0 and below 1")]
    [InlineData(1, "absent 1: expected a number above 0 and below 1")]
    public void Absent_AShareThatMakesNoRun_IsRefused(double share, string says) =>
        Assert.Contains(says, Assert.ThrowsAny<UserException>(() => SmallRun.Run(SmallRun.Options with { Absent = share }, _run.Settings("a"))).Message);

    public void Dispose() => _run.Dispose();

    private static Kernels.Memory.FlatLayout Layout { get; } = LoraLayout.Of(SmallRun.Weights().Config, new LoraOptions { Rank = 2 });

    private float[] Adapter(string folder, string scheme, int client) =>
        PeftAdapter.Load(RunFolder.AdapterFolder(_run.Folder(folder), scheme, client), SmallRun.Weights().Config).Values;
}
