namespace LoraCollab.Federation.Runs;

/// <summary>summary.json: the result of a run.</summary>
public sealed record RunSummary
{
    public required string RunId { get; init; }

    /// <summary>corrected or paper, and the traps that differ.</summary>
    public required string Compat { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Name of the base model.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the data.</summary>
    public required string Data { get; init; }

    public required string Distribution { get; init; }

    /// <summary>N.</summary>
    public required int Clients { get; init; }

    /// <summary>Clients that attack, which count in no mean; null: none.</summary>
    public IReadOnlyList<int>? Attackers { get; init; }

    /// <summary>The share of clients that are silent in a round; null: none.</summary>
    public double? Absent { get; init; }

    public required BackendKind Backend { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Which part of the clients' text the model may have seen in pretraining; null where no pretraining text was named.</summary>
    public PretrainingOverlap? PretrainingOverlap { get; init; }

    /// <summary>Mean over clients of the perplexity of the model without adapters.</summary>
    public required double BasePerplexity { get; init; }

    public required double BaseLoss { get; init; }

    /// <summary>By name of the scheme, in the order they ran.</summary>
    public required IReadOnlyDictionary<string, SchemeSummary> Schemes { get; init; }

    /// <summary>Wall time of the whole run, over all its resumptions.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Adapters trained without collaboration, by name, where they were asked for; they are kept in comparators.json and not in summary.json.
    /// </summary>
    public IReadOnlyDictionary<string, ComparatorSummary>? Comparators { get; init; }

    /// <summary>Losses of a comparator by client, without those that attack.</summary>
    public IReadOnlyDictionary<int, double> LossByClient(ComparatorSummary found) =>
        found.ClientLosses.Index().Where(c => Attackers?.Contains(c.Index) != true).ToDictionary(c => c.Index, c => c.Item);

    /// <summary>The same with names as tables and pictures show them: whoever wrote them.</summary>
    internal RunSummary Named() => this with
    {
        RunId = ForeignText.Name(RunId),
        Model = ForeignText.Name(ShortPath.Of(Model)),
        Data = ForeignText.Name(Data),
        Distribution = ForeignText.Name(Distribution),
        Compat = ForeignText.Shown(Compat),
        PretrainingOverlap = PretrainingOverlap?.Named(),
        Schemes = Schemes.ToDictionary(s => s.Key, s => s.Value with
        {
            Clients = [.. s.Value.Clients.Select(c => c.Named())],
            Excluded = s.Value.Excluded?.Select(e => e with { Reason = ForeignText.Shown(e.Reason) }).ToArray(),
        }),
    };

    /// <summary>As summary.json holds it, with the comparators where they are given.</summary>
    public string ToJson() => RunJson.File(this);

    /// <summary>Of a run whose schemes have all run to their end.</summary>
    internal static RunSummary Of(RunIdentity identity, CollaborationInputs inputs, RunProgress progress)
    {
        var options = identity.Options;
        return new RunSummary
        {
            RunId = identity.Id(),
            Compat = options.Compat.ToString(),
            Seed = options.Seed,
            Model = inputs.ModelName,
            Data = inputs.Data.Manifest.Data,
            Distribution = inputs.Data.Manifest.Distribution,
            Clients = inputs.Data.Clients.Count,
            Attackers = Attack.Attackers(options, inputs.Data.Clients.Count).ToArray() is { Length: > 0 } attackers ? attackers : null,
            Absent = options.Absent,
            Backend = inputs.Backend.Kind,
            Iterations = options.Iterations,
            PretrainingOverlap = inputs.Data.Manifest.PretrainingOverlap,
            BasePerplexity = progress.Base!.MeanPerplexity,
            BaseLoss = progress.Base.MeanLoss,
            Schemes = options.Schemes.ToDictionary(s => s, s => progress.Finished[s]),
            Seconds = progress.Seconds,
        };
    }
}
