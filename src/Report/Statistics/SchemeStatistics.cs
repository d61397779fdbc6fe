using System.Text.Json.Serialization;

namespace LoraCollab.Report.Statistics;

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

    /// <summary>Mean over seeds and clients, nats a token on report-validation.</summary>
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
        PairedDifference? To(string reference) => scheme != reference && set.Schemes.Contains(reference) ? PairedDifference.Of(losses, set.Losses(reference)) : null;
        var toLocal = To("local");
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
            ToFedAvg = To("fedavg"),
            Worst = new WorstClient(worst, clients[worst].Name, Math.Exp(byClient[at]), toLocal?.ByClient[at]),
        };
    }
}
