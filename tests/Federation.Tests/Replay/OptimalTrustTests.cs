namespace LoraCollab.Federation.Tests;

public sealed class OptimalTrustTests : IDisposable
{
    private readonly SmallRun _run = new();

    [Fact]
    public void Of_EveryRound_ComparesReportLossesOfTheTwoMixes()
    {
        using var backend = TestBackends.Open(BackendKind.Host);
        using var collaboration = new Collaboration(SmallRun.Options with { Schemes = ["fedavg", "learned"] },
            new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend), _run.Settings("a"));
        var summary = collaboration.Run(new SilentObserver());
        var run = RunRecord.Read(_run.Folder("a"));
        var optimal = new OptimalTrust(collaboration, run);
        var fedavg = optimal.Of("fedavg").ToArray();
        var learned = optimal.Of("learned", lastOnly: true).ToArray();

        Assert.Equal([3, 5, 7, 8], fedavg.Select(r => r.Iteration));
        Assert.Equal([8], learned.Select(r => r.Iteration));
        // After the last mix the run measured the same adapters on the same text.
        Assert.Equal(summary.Schemes["fedavg"].Clients.Select(c => c.Loss), fedavg[^1].Loss);
        Assert.Equal(run.RoundsOf("learned")[^1].Weights, learned[0].Learned);
        Assert.Equal(0, learned[0].Regret);
        Assert.Equal(fedavg[1].Loss.Average() - fedavg[1].LearnedLoss.Average(), fedavg[1].Regret);
        Assert.Equal(0.5, fedavg[0].Auc);
        Assert.Equal(4, File.ReadAllLines(optimal.Save(fedavg)).Length);
    }

    [Fact]
    public void Auc_ByHand_CountsPairsWithinRowsAndTiesHalf()
    {
        // Clients 0 and 1 of one category, 2 and 3 of another.
        double[][] shares = [[1, 0], [0.9, 0.1], [0, 1], [0.2, 0.8]];
        double[][] weights =
        [
            [0.4, 0.3, 0.2, 0.1], // 0.3 above both: 1
            [0.2, 0.4, 0.2, 0.2], // two ties: ½
            [0.5, 0.1, 0.1, 0.3], // 0.3 below 0.5, above 0.1: ½
            [0.4, 0.4, 0.1, 0.1], // below both: 0
        ];
        Assert.Equal(0.5, PlantedStructure.Auc(weights, shares)!.Value, 1e-15);
        Assert.Equal(1, PlantedStructure.Auc([weights[0], [0.5, 0.2, 0.2, 0.1], [0.1, 0.1, 0.5, 0.3], [0, 0, 1, 0]], shares)!.Value, 1e-15);
        Assert.Null(PlantedStructure.Auc(weights, [[1, 0], [1, 0], [1, 0], [1, 0]]));
        Assert.Null(PlantedStructure.Auc(weights, [[], [], [], []]));
    }

    public void Dispose() => _run.Dispose();
}
