namespace LoraCollab.Federation.Tests;

/// <summary>What every scheme of the registry, in each of its forms, must keep.</summary>
public class SchemePropertyTests
{
    private const int N = 6;

    /// <summary>Mixes summed in another order differ by a rounding to float32 now and then, which a descent carries on.</summary>
    private const double Descended = 1e-7;

    public static TheoryData<string, string> Forms()
    {
        var forms = new TheoryData<string, string>();
        foreach (string scheme in StrategyRegistry.Names)
            foreach (string form in Changes.Keys) forms.Add(scheme, form);
        return forms;
    }

    private static readonly Dictionary<string, Func<CollaborationOptions, CollaborationOptions>> Changes = new()
    {
        ["default"] = o => o,
        ["floor"] = o => o with { Self = "floor" },
        ["fixed"] = o => o with { Self = "fixed:0.3" },
        ["change"] = o => o with { PredictionForm = PredictionForm.Change, Self = "weights=floor:0.9,prediction=nearest" },
        ["js"] = o => o with { PredictionForm = PredictionForm.Js, Self = "floor" },
        ["rowwise"] = o => o with { WeightsForm = WeightsForm.RowWise, ValidationForm = ValidationForm.Perplexity, PredictionForm = PredictionForm.L1 },
        ["flat"] = o => o with { WeightsForm = WeightsForm.Flat, ScoreOn = ScoreOn.Adapter },
        ["row-normalised"] = o => o with { Compat = Compat.Corrected.With(Trap.RowNormalised, true) },
    };

    private static TrustMatrix Trust(string scheme, string form, ITrustRound round, Topology? topology = null)
    {
        var options = Changes[form](new CollaborationOptions()).Resolve();
        var scores = StrategyRegistry.Create(scheme, new StrategyContext(options, "specific", 3)).Score(round);
        return TrustMatrix.From(scores, new TrustRule(topology ?? Topology.Full(round.Clients)) { Temperature = options.Temperature.Of(scheme) ?? 1 });
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Trust_AnyRound_HasRowsThatSumToOne(string scheme, string form)
    {
        foreach (var topology in new[] { Topology.Full(N), Topology.Ring(N), Topology.Star(N), Topology.Regular(N, 3) })
        {
            var trust = Trust(scheme, form, SyntheticRound.Draw(N, 7), topology);
            for (int i = 0; i < N; i++)
            {
                Assert.Equal(1, trust.Row(i).ToArray().Sum(), 1e-12);
                for (int j = 0; j < N; j++)
                {
                    Assert.True(double.IsFinite(trust[i, j]) && trust[i, j] >= 0);
                    if (!topology.Links(i, j)) Assert.Equal(0, trust[i, j]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Trust_ClientsInAnotherOrder_IsReorderedAlike(string scheme, string form)
    {
        int[] order = [3, 0, 5, 1, 4, 2];
        var round = SyntheticRound.Draw(N, 8);
        var (trust, reordered) = (Trust(scheme, form, round), Trust(scheme, form, round.Reordered(order)));
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) Assert.Equal(trust[order[i], order[j]], reordered[i, j], scheme == "learned" ? Descended : 1e-12);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Trust_OneClient_TrustsItself(string scheme, string form) => Assert.Equal(1, Trust(scheme, form, SyntheticRound.Draw(1, 9))[0, 0]);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Trust_NothingLearnedYet_IsFinite(string scheme, string form)
    {
        var round = SyntheticRound.Draw(N, 10);
        var zeros = Enumerable.Range(0, N).Select(_ => new float[round.Shape.Length]).ToArray();
        var trust = Trust(scheme, form, round.WithAdapters(zeros, zeros));
        Assert.All(Enumerable.Range(0, N), i => Assert.Equal(1, trust.Row(i).ToArray().Sum(), 1e-12));
    }

    [Fact]
    public void UpdateForm_OtherFactorsOfTheSameProduct_ScoresAlike()
    {
        foreach (var scoreOn in new[] { ScoreOn.Adapter, ScoreOn.Round })
        {
            var round = SyntheticRound.Draw(N, 11);
            var turned = round.WithAdapters(Turn(round.Shape, round.Adapters), Turn(round.Shape, round.Anchors));
            var scheme = new WeightSimilarity(WeightsForm.Update, scoreOn, SelfScore.Scored);
            AssertScores(scheme.Score(round).Values, scheme.Score(turned).Values, 1e-5);
            var rowWise = new WeightSimilarity(WeightsForm.RowWise, scoreOn, SelfScore.Scored);
            Assert.True(Math.Abs(rowWise.Score(round).Values[0][1] - rowWise.Score(turned).Values[0][1]) > 1e-3);
        }
    }

    /// <summary>(A, B) → (G·A, B·G⁻¹) with a G of each client's own.</summary>
    private static float[][] Turn(AdapterShape shape, IReadOnlyList<float[]> adapters) => [.. adapters.Select((adapter, i) =>
    {
        double a = 1 + 0.3 * i, b = 0.5, c = -0.25, d = 2, det = a * d - b * c;
        var turned = (float[])adapter.Clone();
        foreach (var t in shape.Targets)
        {
            for (int e = 0; e < t.IC; e++)
            {
                var (x, y) = (adapter[t.AOffset + e], adapter[t.AOffset + t.IC + e]);
                (turned[t.AOffset + e], turned[t.AOffset + t.IC + e]) = ((float)(a * x + b * y), (float)(c * x + d * y));
            }
            for (int o = 0; o < t.OC; o++)
            {
                var (x, y) = (adapter[t.BOffset + 2 * o], adapter[t.BOffset + 2 * o + 1]);
                (turned[t.BOffset + 2 * o], turned[t.BOffset + 2 * o + 1]) = ((float)((x * d - y * c) / det), (float)((-x * b + y * a) / det));
            }
        }
        return turned;
    })];

    private static void AssertScores(double[][] expected, double[][] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
            for (int j = 0; j < expected.Length; j++) Assert.Equal(expected[i][j], actual[i][j], tolerance);
    }
}
