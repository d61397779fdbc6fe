namespace LoraCollab.Report;

/// <summary>The last trust matrix of every scheme, side by side on one colour scale.</summary>
public static class TrustMaps
{
    /// <summary>More clients than this do not fit a line; their matrices are in the run folder.</summary>
    private const int MostClients = 20;

    public static void Write(Terminal terminal, RunSummary summary, IReadOnlyList<string> categories)
    {
        if (summary.Clients > MostClients)
        {
            terminal.Out.WriteLine($"The trust matrices of {summary.Clients} clients are in trust.jsonl.");
            terminal.Out.WriteLine();
            return;
        }
        terminal.Out.WriteLine("Trust at the last aggregation: row i is how much client i trusts each client.");
        if (summary.Absent is not null || summary.Schemes.Values.Any(s => s.Excluded is not null))
            terminal.Out.WriteLine("Who took no part in it has all trust in itself.");
        terminal.Out.WriteLine();
        TrustHeatmap.Write(terminal, [.. summary.Schemes.Select(s => new TrustHeatmap(s.Key, s.Value.Trust, [.. s.Value.Clients.Select(c => Label(c, categories))]))]);
    }

    /// <summary>[N]: the category each client has most of, or its own name.</summary>
    public static IReadOnlyList<string> Labels(ClientManifest data) =>
        [.. data.Clients.Select(c => c.Shares.Count > 0 ? data.Categories[TrustStatistics.MainCategory(c.Shares)] : c.Name)];

    /// <summary>The category a client has most of, or its own name.</summary>
    private static string Label(ClientResult client, IReadOnlyList<string> categories) =>
        client.Shares.Count > 0 ? categories[TrustStatistics.MainCategory(client.Shares)] : client.Name;
}
