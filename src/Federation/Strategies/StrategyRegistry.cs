namespace LoraCollab.Federation.Strategies;

/// <summary>All schemes by name: one line each.</summary>
public static class StrategyRegistry
{
    private static readonly (string Name, Func<StrategyContext, IStrategy> Create)[] Registry =
    [
        ("local", _ => new Local()),
        ("fedavg", c => new FedAvg(c.Options.FedAvgByTokens)),
        ("theoretical", c => c.Options.Compat.IsPaper(Trap.OracleTables) ? new PublishedOracle(c.Distribution, c.Categories) : new Theoretical()),
        ("weights", c => new WeightSimilarity(c.Options.WeightsForm!.Value, c.Options.ScoreOn!.Value, SelfScore.Of(c.Options.Self!, "weights"))),
        ("validation", c => new ValidationPerformance(c.Options.ValidationForm!.Value)),
        ("prediction", c => new PredictionSimilarity(c.Options.PredictionForm!.Value, c.Options.Compat.IsPaper(Trap.RowNormalised), SelfScore.Of(c.Options.Self!, "prediction"))),
        ("learned", _ => new LearnedTrust()),
        ("fedavg_tokens", _ => new FedAvg(byTokens: true, "fedavg_tokens")),
        ("fedprox", c => new FedProx(c.Number("fedprox.mu"))),
        ("ffa", _ => new FfaLora()),
        ("fedfomo", _ => new FedFomo()),
        ("fedamp", c => new FedAmp(c.Number("fedamp.alpha"), c.Number("fedamp.sigma"), c.Number("fedamp.pull"))),
        ("fedamp_heur", c => new HeurFedAmp(c.Number("fedamp_heur.self"), c.Number("fedamp_heur.sigma"), c.Number("fedamp_heur.pull"))),
        ("ifca", c => new Ifca((int)c.Number("ifca.clusters"))),
        ("cobo", c => new CoBo(c.Number("cobo.rho"), c.Number("cobo.gamma"))),
        ("ditto", c => new Ditto(c.Number("ditto.lambda"))),
        ("fedavgm", c => new FedAvgM(c.Number("fedavgm.beta"), c.Number("fedavgm.rate"))),
        ("fedadam", c => new FedAdam(c.Number("fedadam.rate"), c.Number("fedadam.beta1"), c.Number("fedadam.beta2"), c.Number("fedadam.tau"))),
        ("norm_clip", c => new NormClip(c.Number("norm_clip.norm"))),
        ("median", _ => new CoordinateMedian()),
        ("trimmed_mean", c => new TrimmedMean(c.Number("trimmed_mean.share"))),
        ("krum", c => new Krum((int)c.Number("krum.byzantine"), (int)c.Number("krum.keep"))),
        ("fedex", _ => new FedEx()),
    ];

    /// <summary>Names in the order of a table.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Registry.Select(r => r.Name)];

    /// <summary>The paper's six, which run where nothing else is asked for.</summary>
    public static IReadOnlyList<string> Standard { get; } = ["local", "fedavg", "theoretical", "weights", "validation", "prediction"];

    /// <summary>The scheme of that name.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public static IStrategy Create(string name, StrategyContext context) =>
        Array.Find(Registry, r => r.Name == name).Create?.Invoke(context)
            ?? throw new UserException($"--schemes: '{name}' is not one of {string.Join(", ", Names)}");
}
