namespace LoraCollab.Report.Runs;

/// <summary>What a client sends or receives in one round of a scheme, from the ledger's lines of its last aggregation: the mean over clients.</summary>
/// <param name="Payload">What it is.</param>
/// <param name="Direction">Seen from the client.</param>
/// <param name="Count">How many of them.</param>
/// <param name="Bytes">What they take together.</param>
public sealed record RoundBytes(Payload Payload, Direction Direction, double Count, double Bytes)
{
    /// <summary>All payloads of a scheme, those that go up first; none where nothing is sent.</summary>
    public static IReadOnlyList<RoundBytes> Of(RunRecord run, string scheme)
    {
        var lines = run.Ledger.Where(e => e.Scheme == scheme).ToArray();
        if (lines.Length == 0) return [];
        int last = lines.Max(e => e.Iteration), clients = run.Manifest.Clients.Count;
        return
        [
            .. lines.Where(e => e.Iteration == last).GroupBy(e => (e.Direction, e.Payload)).OrderBy(g => g.Key.Direction).ThenBy(g => g.Key.Payload)
                .Select(g => new RoundBytes(g.Key.Payload, g.Key.Direction, g.Sum(e => (double)e.Count) / clients, g.Sum(e => (double)e.Bytes) / clients)),
        ];
    }
}
