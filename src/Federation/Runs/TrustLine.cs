namespace LoraCollab.Federation;

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

    /// <summary>Clients that threshold or top-k left out of their own mix.</summary>
    public int[]? DropsSelf { get; init; }

    /// <summary>[N]: ρ_i, what averaging A and B separately lost.</summary>
    public required double[] Residual { get; init; }

    /// <summary>[N]: ρ_i over the norm of the exact mean.</summary>
    public required double[] ResidualRelative { get; init; }
}
