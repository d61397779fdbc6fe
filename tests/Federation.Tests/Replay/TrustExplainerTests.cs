namespace LoraCollab.Federation.Tests;

/// <summary>The parts of a score sum to the score that was logged, whatever its form; and each part is what it says.</summary>
public sealed class TrustExplainerTests : IDisposable
{
    private static readonly (int Client, int Peer)[] Pairs = [(0, 1), (1, 3), (2, 0)];

    private readonly SmallRun _run = new();
    private readonly ComputeBackend _backend = TestBackends.Open(BackendKind.Host);

    private Collaboration Open(CollaborationOptions options) =>
        new(options, new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, _backend), _run.Settings("a"));

    private (Collaboration Collaboration, TrustExplainer Explainer, RunRecord Run) Ran(CollaborationOptions options)
    {
        using (var collaboration = Open(options)) collaboration.Run(new SilentObserver());
        var run = RunRecord.Read(_run.Folder("a"));
        var again = Open(run.Identity.Options);
        return (again, new TrustExplainer(again, run), run);
    }

    public static TheoryData<string> Forms =>
        ["default", "scored", "floor", "nearest", "floor:0.02", "fixed:0.5", "js", "weights nearest:0.4", "rowwise", "flat", "adapter", "perplexity", "l1",
        "few batches", "paper"];

    private static CollaborationOptions Options(string form)
    {
        var options = SmallRun.Options with { Schemes = ["theoretical", "weights", "validation", "prediction"] };
        return form switch
        {
            "scored" or "floor" or "nearest" or "floor:0.02" or "fixed:0.5" => options with { Self = form },
            "js" => options with { PredictionForm = PredictionForm.Js },
            "weights nearest:0.4" => options with { Self = "weights=nearest:0.4", ScoreOn = ScoreOn.Round },
            "rowwise" => options with { WeightsForm = WeightsForm.RowWise },
            "flat" => options with { WeightsForm = WeightsForm.Flat },
            "adapter" => options with { ScoreOn = ScoreOn.Adapter },
            "perplexity" => options with { ValidationForm = ValidationForm.Perplexity },
            "l1" => options with { PredictionForm = PredictionForm.L1, PredictionPositions = "last" },
            "few batches" => options with { TrustBatches = 2 },
            "paper" => options with { Schemes = ["weights", "validation", "prediction"], Compat = Compat.Paper, PredictionPositions = null },
            _ => options,
        };
    }

    [Theory, MemberData(nameof(Forms))]
    public void Parts_OfEverySchemeAndRound_SumToTheLoggedScore(string form)
    {
        var (collaboration, explainer, run) = Ran(Options(form));
        using (collaboration)
            foreach (var line in run.Trust.Where(l => l.Round is 1 or 3))
                foreach (var (i, j) in Pairs)
                {
                    var found = explainer.Explain(line.Scheme, i, j, line.Round);
                    double logged = line.Scores[i][j];
                    Assert.Equal(logged, found.Score);
                    Assert.True(Math.Abs(found.Total - logged) <= 1e-9 * Math.Max(1, Math.Abs(logged)),
                        $"{line.Scheme} {form}, round {line.Round}, {i} of {j}: the parts sum to {found.Total:R}, the score is {logged:R}");
                    Assert.True(found.Parts.Count > 1 && found.Parts.All(p => p.Values.Count == found.Columns.Count));
                    Assert.Equal(found.Parts.Select(p => Math.Abs(p.Importance)).OrderDescending(), found.Parts.Select(p => Math.Abs(p.Importance)));
                }
    }

    [Fact]
    public void Validation_Windows_ShowBothLossesWhoseDifferenceIsThatOfTheScores()
    {
        var (collaboration, explainer, run) = Ran(Options("default"));
        using var _ = collaboration;
        var line = run.RoundsOf("validation")[^1];
        var found = explainer.Explain("validation", 1, 2, null);
        Assert.Equal(["loss of j", "loss of i", "beside own"], found.Columns);
        Assert.Equal(line.Scores[1][2] - line.Scores[1][1], found.Parts.Sum(p => p.Values[2]), 1e-9);
        // Together the windows are the client's trust text, but for its last token.
        int[] text = SmallRun.Data.Clients[1].TrustValidation;
        Assert.Equal(text[..^1], found.Parts.OrderBy(p => int.Parse(p.Name["window ".Length..])).SelectMany(p => p.Tokens));
    }

    [Fact]
    public void Weights_Targets_AddTheirCosineTimesTheirPartOfEitherNorm()
    {
        var (collaboration, explainer, run) = Ran(Options("scored"));
        using var _ = collaboration;
        var found = explainer.Explain("weights", 0, 2, 2);
        Assert.Equal(run.RoundsOf("weights")[1].Scores[0][2], found.Parts.Sum(p => p.Contribution), 1e-12);
        Assert.Equal(["h.0.attn.c_attn", "h.0.attn.c_proj", "h.1.attn.c_attn", "h.1.attn.c_proj"], found.Parts.Select(p => p.Name).Order());
        Assert.All(found.Parts, p => Assert.Equal(p.Values[0] * p.Values[1] * p.Values[2], p.Contribution, 1e-12));
        foreach (int side in (int[])[1, 2]) Assert.Equal(1, found.Parts.Sum(p => p.Values[side] * p.Values[side]), 1e-12);
    }

    [Fact]
    public void Prediction_Positions_ShowTheTextBeforeThemAndTheTokensThatMove()
    {
        var (collaboration, explainer, run) = Ran(Options("js"));
        using var _ = collaboration;
        var found = explainer.Explain("prediction", 0, 1, 1);
        Assert.Equal(20, found.Parts.Count);
        Assert.Equal(run.RoundsOf("prediction")[0].Distance![0][1], found.Parts.Average(p => p.Values[0]), 1e-12);
        foreach (var part in found.Parts)
        {
            Assert.InRange(part.Tokens.Count, 1, 8);
            Assert.Equal(part.Name.EndsWith(":7", StringComparison.Ordinal), part.Next is null);
            Assert.Equal(part.Moves.Select(m => Math.Abs(m.Own - m.Peer)).OrderDescending(), part.Moves.Select(m => Math.Abs(m.Own - m.Peer)));
        }
    }

    /// <summary>k = 1 of V = 3: (0.5, 0.25, 0.25) and (0.4, 0.2, 0.4); the second position is the same for both.</summary>
    [Fact]
    public void Moves_ByHand_ReadWhatWasNotSentAsAnEvenRest()
    {
        var p = new TopPredictions([0, 2], [0.5f, 0.75f], k: 1, vocabulary: 3);
        var q = new TopPredictions([2, 2], [0.5f, 0.75f], k: 1, vocabulary: 3);
        var moves = PredictionDistance.Moves(p, q, 0, PredictionForm.Js);
        Assert.Equal([new TokenMove(0, 0.5, 0.25), new TokenMove(2, 0.25, 0.5)], moves);
        double[] distance = PredictionDistance.PerPosition(p, q, PredictionForm.Js);
        // (½, ¼, ¼) and (¼, ¼, ½): m = (⅜, ¼, ⅜), JS = ½·ln(4/3) + ¼·ln(2/3).
        Assert.Equal(Math.Sqrt(0.5 * Math.Log(4.0 / 3) + 0.25 * Math.Log(2.0 / 3)), distance[0], 1e-12);
        Assert.Equal(0, distance[1]);
    }

    [Fact]
    public void Explain_OfWhatCannotBe_IsRefusedByName()
    {
        var (collaboration, explainer, _) = Ran(SmallRun.Options with { Schemes = ["local", "fedavg", "weights", "median"], Topology = "ring" });
        using var __ = collaboration;
        void Refused(string expected, string scheme, int i, int j, int? round = null) =>
            Assert.Contains(expected, Assert.ThrowsAny<UserException>(() => explainer.Explain(scheme, i, j, round)).Message);
        Refused("client 4: this run has the clients 0 to 3", "weights", 4, 0);
        Refused("are one", "weights", 1, 1);
        Refused("round 9: the scheme weights has the rounds 1 to 4", "weights", 0, 1, 9);
        Refused("fedavg has no explanation", "fedavg", 0, 1);
        Refused("median has no explanation", "median", 0, 1);
        Refused("the scheme prediction has no aggregations in this run; choose one of weights", "prediction", 0, 1);
        Directory.Delete(Path.Combine(_run.Folder("a"), "rounds", "weights"), recursive: true);
        Refused("keep rounds", "weights", 0, 1);
    }

    public void Dispose()
    {
        _backend.Dispose();
        _run.Dispose();
    }
}
