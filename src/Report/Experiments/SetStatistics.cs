using System.Text.Json.Serialization;

namespace LoraCollab.Report.Experiments;

/// <summary>All schemes and comparators on one set: a section of an experiment's table.</summary>
/// <param name="Set">The runs.</param>
/// <param name="Schemes">A row each.</param>
/// <param name="Comparators">Likewise, below the schemes: adapters trained without collaboration.</param>
public sealed record SetStatistics(ExperimentSet Set, IReadOnlyList<SchemeStatistics> Schemes, IReadOnlyList<SchemeStatistics> Comparators)
{
    /// <summary>All of the table.</summary>
    public IEnumerable<SchemeStatistics> Rows => Schemes.Concat(Comparators);

    /// <summary>
    /// Compares the rows of every set; p values are corrected over all rows and sets, for the differences to Local and to FedAvg apart.
    /// </summary>
    public static IReadOnlyList<SetStatistics> Of(IReadOnlyList<ExperimentSet> sets)
    {
        SetStatistics[] found = [.. sets.Select(set => new SetStatistics(set, Each(set, set.Schemes), Each(set, set.Comparators)))];
        var local = PairedDifference.Corrected(found.SelectMany(s => s.Rows).Select(s => s.ToLocal));
        var fedavg = PairedDifference.Corrected(found.SelectMany(s => s.Rows).Select(s => s.ToFedAvg));
        SchemeStatistics[] Corrected(IEnumerable<SchemeStatistics> rows) =>
            [.. rows.Select(s => s with { ToLocal = local(s.ToLocal), ToFedAvg = fedavg(s.ToFedAvg) })];
        return [.. found.Select(set => set with { Schemes = Corrected(set.Schemes), Comparators = Corrected(set.Comparators) })];
    }

    private static SchemeStatistics[] Each(ExperimentSet set, IReadOnlyList<string> names) => [.. names.Select(name => SchemeStatistics.Of(set, name))];
}

/// <summary>One scheme or comparator on one set: a row of an experiment's table.</summary>
public sealed record SchemeStatistics
{
    /// <summary>Name of the scheme, or of the comparator.</summary>
    public required string Scheme { get; init; }

    /// <summary>For people: a comparator's name is words.</summary>
    [JsonIgnore]
    public string Title => MeanTrustLoss is null ? Scheme.Replace('_', ' ') : Scheme;

    /// <summary>Mean over seeds and clients of exp(loss).</summary>
    public required double MeanPerplexity { get; init; }

    /// <summary>The 95 % interval is the mean ± this; null below five seeds.</summary>
    public required double? HalfWidth { get; init; }

    /// <summary>[S]: mean over clients.</summary>
    public required IReadOnlyList<double> PerplexityBySeed { get; init; }

    /// <summary>[S]: exp(loss) on trust-validation, mean over clients; empty for comparators, which are not measured there.</summary>
    public required IReadOnlyList<double> TrustPerplexityBySeed { get; init; }

    /// <summary>Mean over seeds and clients, nats per token on report-validation.</summary>
    public required double MeanLoss { get; init; }

    /// <summary>The same on trust-validation: what values are chosen by; null for comparators.</summary>
    public required double? MeanTrustLoss { get; init; }

    /// <summary>Null for Local itself and where Local did not run.</summary>
    public required PairedDifference? ToLocal { get; init; }

    /// <summary>Null for FedAvg itself and where FedAvg did not run.</summary>
    public required PairedDifference? ToFedAvg { get; init; }

    public required WorstClient Worst { get; init; }

    /// <summary>Of one set, p values not yet corrected.</summary>
    internal static SchemeStatistics Of(ExperimentSet set, string scheme)
    {
        double[][] losses = set.Losses(scheme), perplexities = [.. losses.Select(seed => seed.Select(Math.Exp).ToArray())];
        PairedDifference? To(string reference) =>
            scheme != reference && set.Schemes.Contains(reference) ? PairedDifference.Of(losses, set.Losses(reference)) : null;
        var toLocal = To(StrategyRegistry.Solo);
        bool comparator = set.Comparators.Contains(scheme);
        double[] byClient = [.. Enumerable.Range(0, losses[0].Length).Select(i => losses.Average(seed => seed[i]))];
        int at = Array.IndexOf(byClient, byClient.Max()), worst = set.Counted[at];
        var clients = set.Runs[0].Schemes.Values.First().Clients;
        return new SchemeStatistics
        {
            Scheme = scheme,
            MeanPerplexity = HierarchicalBootstrap.Mean(perplexities),
            HalfWidth = HierarchicalBootstrap.Test(perplexities)?.HalfWidth,
            PerplexityBySeed = [.. perplexities.Select(seed => seed.Average())],
            TrustPerplexityBySeed = comparator ? [] : [.. set.Runs.Select(r => set.Counted.Average(i => Math.Exp(r.Schemes[scheme].Clients[i].TrustLoss)))],
            MeanLoss = HierarchicalBootstrap.Mean(losses),
            MeanTrustLoss = comparator ? null : set.Runs.Average(r => set.Counted.Average(i => r.Schemes[scheme].Clients[i].TrustLoss)),
            ToLocal = toLocal,
            ToFedAvg = To(StrategyRegistry.Mean),
            Worst = new WorstClient(worst, clients[worst].Name, Math.Exp(byClient[at]), toLocal?.ByClient[at]),
        };
    }
}

/// <summary>The client that fares worst.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name in the data.</param>
/// <param name="Perplexity">exp of its loss, mean over seeds of the latter.</param>
/// <param name="ToLocal">Its difference to Local in nats, mean over seeds; null where Local did not run.</param>
public sealed record WorstClient(int Id, string Name, double Perplexity, double? ToLocal);
