namespace LoraCollab.Cli.Controls;

/// <summary>A controlled experiment's runs, one a seed.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Seeds">[S].</param>
/// <param name="Runs">[S].</param>
/// <param name="Records">[S]: what they have written down.</param>
/// <param name="Regrets">[S]: each scheme's last aggregation beside learned trust; null where it was not asked for.</param>
internal sealed record ControlResult(ControlKind Kind, IReadOnlyList<ulong> Seeds, SeedRun[] Runs, RunRecord[] Records, IReadOnlyList<TrustRegret>[]? Regrets)
{
    /// <summary>Schemes of every run.</summary>
    public IReadOnlyList<string> Schemes { get; } = [.. Runs[0].Summary.Schemes.Keys];

    public bool Has(string name) => Runs[0].Summary.Schemes.ContainsKey(name) || Runs[0].Comparators.ContainsKey(name);

    /// <summary>Clients that count under every scheme of every seed.</summary>
    private int[] Counted => [.. Enumerable.Range(0, Runs[0].Summary.Clients)
        .Where(i => Runs.All(r => r.Summary.Schemes.Values.All(s => s.Clients[i].LeftOut is null)))];

    /// <summary>[S][N]: report losses of a scheme or comparator, of the clients that count.</summary>
    public double[][] Losses(string name) =>
        [.. Runs.Select(r => Counted.Select(i => r.Summary.Schemes.TryGetValue(name, out var scheme)
            ? scheme.Clients[i].Loss : r.Comparators[name].ClientLosses[i]).ToArray())];

    /// <summary>Names with their mean report loss by seed: base, comparators, schemes.</summary>
    public IEnumerable<(string Name, double[] Losses)> Rows()
    {
        yield return ("base", [.. Runs.Select(r => r.Summary.BaseLoss)]);
        foreach (string name in Runs[0].Comparators.Keys.Concat(Schemes)) yield return (name, [.. Losses(name).Select(l => l.Average())]);
    }
}
