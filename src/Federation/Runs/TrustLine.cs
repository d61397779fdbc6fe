using System.Text.Json;

namespace LoraCollab.Federation.Runs;

/// <summary>One line of trust.jsonl: an aggregation, from raw scores to weights, and what it did.</summary>
public sealed record TrustLine
{
    public required string Scheme { get; init; }

    /// <summary>Steps done.</summary>
    public required int Iteration { get; init; }

    /// <summary>1 for the first aggregation of the run.</summary>
    public required int Round { get; init; }

    /// <summary>[N][N]: raw scores.</summary>
    public required double[][] Scores { get; init; }

    /// <summary>[N][N]: W.</summary>
    public required double[][] Weights { get; init; }

    public required TrustNormalisation Normalisation { get; init; }

    /// <summary>[N]: τ of each row.</summary>
    public IReadOnlyList<double>? Temperatures { get; init; }

    public double[][]? Distance { get; init; }

    public double? DistanceScale { get; init; }

    /// <summary>[N][N]; NaN where a topology kept a model from a client.</summary>
    public double[][]? Loss { get; init; }

    public double[]? LossDifferenceError { get; init; }

    /// <summary>Clients whose temperature is below the sampling error of the losses it weighs.</summary>
    public int[]? TemperatureBelowError { get; init; }

    /// <summary>
    /// Clients that took no part, silent in this round or excluded: W gives them to themselves, and whatever else stands at their rows and columns is NaN or 0.
    /// Null: everybody took part.
    /// </summary>
    public IReadOnlyList<int>? Absent { get; init; }

    /// <summary>Clients that threshold or top-k left out of their own mix.</summary>
    public int[]? DropsSelf { get; init; }

    /// <summary>[N]: ρ_i, what averaging A and B separately lost.</summary>
    public required double[] Residual { get; init; }

    /// <summary>[N]: ρ_i over the norm of the exact mean.</summary>
    public required double[] ResidualRelative { get; init; }

    /// <summary>In a replay, options that are not the run's own: <see cref="OtherOptions"/>; null where there are none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ReplayedUnder { get; init; }

    /// <summary>Writes lines as a file of their own, in the form of trust.jsonl.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<TrustLine> lines) => AtomicFile.WriteText(path, Text(lines));

    /// <summary>Lines in the form of trust.jsonl.</summary>
    public static string Text(IEnumerable<TrustLine> lines) => string.Concat(lines.Select(line => RunJson.Line(line) + "\n"));

    /// <summary>Who took part.</summary>
    public Participation TookPart() => Participation.All(Weights.Length).Without(Absent ?? []);

    /// <summary>W of those who took part; rows that are used as they stand may sum to something else than 1.</summary>
    public TrustMatrix Trust() => TrustMatrix.FromWeights(TookPart().Square(Weights), Normalisation != TrustNormalisation.Verbatim);

    /// <summary>W of those who took part, in a few numbers.</summary>
    /// <param name="shares">[N][K]: of all clients.</param>
    /// <param name="theoretical">Of those who took part.</param>
    public TrustStatistics Statistics(IReadOnlyList<IReadOnlyList<double>> shares, double[][]? theoretical = null)
    {
        var who = TookPart();
        return TrustStatistics.Of(who.Square(Weights), who.Of(shares), theoretical);
    }

    /// <summary><see cref="PlantedStructure.Auc"/> of those who took part.</summary>
    /// <param name="shares">[N][K]: of all clients.</param>
    public double? Auc(IReadOnlyList<IReadOnlyList<double>> shares)
    {
        var who = TookPart();
        return PlantedStructure.Auc(who.Square(Weights), who.Of(shares));
    }

    /// <param name="scores">Of those who take part, as the adapters and the trust.</param>
    internal static TrustLine Of(AdapterShape shape, string scheme, int iteration, int round, TrustScores scores, TrustMatrix trust, RoundAdapters adapters)
    {
        var who = adapters.Who;
        var residual = AggregationResidual.Of(shape, adapters.Now, trust);
        int[] dropsSelf = [.. who.Present.Where((_, i) => trust.DropsSelf[i])];
        int[] below = [.. who.Present.Where((_, i) => scores.LossDifferenceError is { } errors && trust.Temperatures is { } taus && taus[i] < errors[i])];
        return new TrustLine
        {
            Scheme = scheme,
            Iteration = iteration,
            Round = round,
            Scores = Spread(scores.Values)!,
            Weights = who.SpreadTrust(trust.ToArray()),
            Normalisation = scores.Normalisation,
            Temperatures = trust.Temperatures is { } tau ? who.Spread(tau, double.NaN) : null,
            Distance = Spread(scores.Distance),
            DistanceScale = scores.DistanceScale,
            Loss = Spread(scores.Loss),
            LossDifferenceError = scores.LossDifferenceError is { } error ? who.Spread(error, double.NaN) : null,
            TemperatureBelowError = below.Length > 0 ? below : null,
            Absent = who.Absent,
            DropsSelf = dropsSelf.Length > 0 ? dropsSelf : null,
            Residual = who.Spread(residual.Absolute, 0),
            ResidualRelative = who.Spread(residual.Relative, 0),
        };

        double[][]? Spread(double[][]? values) => values is null ? null : who.Spread(values, (_, _) => double.NaN);
    }
}
