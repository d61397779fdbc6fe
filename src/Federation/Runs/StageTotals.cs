namespace LoraCollab.Federation.Runs;

/// <summary>What one scheme has used so far.</summary>
internal sealed record StageTotals
{
    public long BytesUp { get; init; }

    public long BytesDown { get; init; }

    public long TrustEvaluations { get; init; }

    /// <summary>Clients that take no more part; null: none.</summary>
    public IReadOnlyList<Exclusion>? Excluded { get; init; }

    /// <inheritdoc cref="SchemeSummary.LargestUpload"/>
    public double? LargestUpload { get; init; }

    /// <summary>Wall time without the shared iterations.</summary>
    public double Seconds { get; init; }

    /// <summary>The last W; null before the first aggregation.</summary>
    public double[][]? Trust { get; init; }

    /// <summary>The clients at the last evaluation before a mix, and after it.</summary>
    public IReadOnlyList<ClientMetrics>? Before { get; init; }

    public IReadOnlyList<ClientMetrics>? After { get; init; }
}
