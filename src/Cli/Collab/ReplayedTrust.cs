namespace LoraCollab.Cli.Collab;

/// <summary>Trust that was recomputed, ready to be shown.</summary>
/// <param name="Scheme">Whose trust; empty for several at one moment.</param>
/// <param name="On">On whose adapters.</param>
/// <param name="Other">Under which options, where they are not the run's own.</param>
/// <param name="Lines">Round by round.</param>
/// <param name="File">Where they were written.</param>
internal sealed record ReplayedTrust(string Scheme, string On, OtherOptions Other, IReadOnlyList<TrustLine> Lines, string File)
{
    public object ToJson() => new
    {
        scheme = Scheme,
        on = On,
        file = File,
        replayed_under = Other.Values,
        rounds = Lines.Select(l => new { scheme = l.Scheme, iteration = l.Iteration, weights = l.Weights }),
    };

    public void Write(Terminal terminal, RunRecord run, bool quiet)
    {
        if (!quiet) terminal.Out.WriteLine(Headline(run));
        if (!quiet) terminal.Out.WriteLine();
        if (run.Manifest.Clients.Count <= TrustHeatmap.MostClients)
            TrustHeatmap.Write(terminal,
                [.. Lines.Select(l => new TrustHeatmap($"{l.Scheme}, iteration {l.Iteration}", l.Weights, TrustHeatmap.Labels(run.Manifest)))]);
    }

    private string Headline(RunRecord run)
    {
        string under = Other.Recorded is null ? "" : $" (under {Other})";
        if (Scheme.Length == 0) return $"Trust after purely local training{under}, also in {File}.";
        string view = Scheme == On ? $"Trust of {Scheme} at each aggregation" : $"Trust of {Scheme} on the adapters of {On} at each aggregation";
        double change = Scheme != On ? double.NaN : Lines.Zip(run.RoundsOf(Scheme), (now, then) => Largest(now.Weights, then.Weights)).Max();
        string compared = double.IsNaN(change) ? "" : change == 0 ? ", the same bits as were used"
            : $", weights up to {Format.Fixed(change, 4)} from those that were used";
        return $"{view}{under}{compared}; also in {File}.";
    }

    private static double Largest(double[][] a, double[][] b) => a.Zip(b, (x, y) => x.Zip(y, (p, q) => Math.Abs(p - q)).Max()).Max();
}
