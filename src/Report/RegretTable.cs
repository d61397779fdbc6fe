namespace LoraCollab.Report;

/// <summary>Each scheme's aggregations beside the best that trust could have made of the same adapters.</summary>
public static class RegretTable
{
    /// <param name="terminal">Where to.</param>
    /// <param name="lines">By scheme and round.</param>
    /// <param name="file">Where the lines are kept.</param>
    public static void Write(Terminal terminal, IReadOnlyList<TrustRegret> lines, string file)
    {
        terminal.Out.WriteLine("Loss in nats a token on report text after mixing the stored adapters, mean over clients.");
        terminal.Out.WriteLine("Learned: with the weights that minimise trust-validation loss.");
        terminal.Out.WriteLine("Regret: the difference. AUC: the chance that a peer of the own category is trusted more than another.");
        var table = new FittedTable("", "iteration", "loss", StrategyRegistry.Optimum, "regret", "AUC", $"AUC {StrategyRegistry.Optimum}");
        foreach (var l in lines)
            table.AddRow(l.Scheme, $"{l.Iteration}", Format.Fixed(l.Means.Loss, 4), Format.Fixed(l.Means.Learned, 4), Format.Fixed(l.Regret, 4),
                Auc(l.Auc), Auc(l.LearnedAuc));
        table.Write(terminal);
        terminal.Out.WriteLine($"The matrices are in {file}.");
    }

    private static string Auc(double? auc) => auc is { } a ? Format.Fixed(a, 2) : "";
}
