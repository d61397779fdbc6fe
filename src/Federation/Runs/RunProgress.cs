namespace LoraCollab.Federation.Runs;

/// <summary>How far a run is: what a checkpoint holds beside the clients' tensors.</summary>
internal sealed record RunProgress
{
    /// <summary>Schemes whose result stands; −1 while the iterations that all share are under way.</summary>
    public int Stage { get; init; } = -1;

    /// <summary>Steps after which everything due has been done in this stage. A client may be ahead of it, on its way to the next boundary.</summary>
    public int Iteration { get; init; }

    /// <summary>Aggregations so far in this stage.</summary>
    public int Round { get; init; }

    /// <summary>Bytes of each log that belong to what is done.</summary>
    public Dictionary<string, long> LogLengths { get; init; } = [];

    /// <summary>The model without adapters.</summary>
    public MetricsLine? Base { get; init; }

    /// <summary>The clients at the end of the shared iterations; null where the time before a mix is not evaluated.</summary>
    public IReadOnlyList<ClientMetrics>? AfterShared { get; init; }

    /// <summary>What the stage has sent, received and evaluated so far.</summary>
    public StageTotals Totals { get; init; } = new();

    /// <summary>Results so far.</summary>
    public Dictionary<string, SchemeSummary> Finished { get; init; } = [];

    /// <summary>Wall time of the shared iterations.</summary>
    public double SharedSeconds { get; init; }

    /// <summary>Wall time of all, over all resumptions.</summary>
    public double Seconds { get; init; }

    /// <summary>[N]: the clients' training losses since their last evaluation.</summary>
    public IReadOnlyList<TrainLossSum> TrainLosses { get; init; } = [];

    /// <summary>The same at the end of the shared iterations, where every scheme begins.</summary>
    public IReadOnlyList<TrainLossSum> SharedTrainLosses { get; init; } = [];

    /// <summary>Clients that failed in the shared iterations, and so take no part under any scheme; null: none.</summary>
    public IReadOnlyList<Exclusion>? SharedExcluded { get; init; }
}

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
