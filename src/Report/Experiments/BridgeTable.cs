using Spectre.Console;

namespace LoraCollab.Report.Experiments;

/// <summary>The way from `paper` to `corrected` in the terminal: every step's effect on every scheme, and what becomes of the ranking.</summary>
public static class BridgeTable
{
    public static void Write(Terminal terminal, IReadOnlyList<BridgeStatistics> bridges)
    {
        foreach (var bridge in bridges) Write(terminal, bridge);
    }

    /// <summary>Whether the ranking survives, in sentences.</summary>
    public static IEnumerable<string> Answer(BridgeStatistics bridge)
    {
        int last = bridge.Steps.Count - 1, traps = bridge.LastTrap;
        yield return $"Ranking by mean loss, {bridge.Steps[0].Set.Value}: {string.Join(" < ", BridgeStatistics.Ranking(bridge.Steps[0]))}";
        if (traps > 0) yield return After(bridge, traps, "all traps");
        if (last > traps) yield return After(bridge, last, "all traps and settings");
        if (bridge.Steps[0].Set.Seeds.Count < HierarchicalBootstrap.LeastSeeds)
            yield return $"Fewer than {HierarchicalBootstrap.LeastSeeds} seeds: places that lie close together say nothing yet.";
    }

    private static string After(BridgeStatistics bridge, int step, string what)
    {
        var (kept, all) = bridge.Pairs(step);
        var (before, after) = (BridgeStatistics.Ranking(bridge.Steps[0]), BridgeStatistics.Ranking(bridge.Steps[step]));
        return $"After {what}: {string.Join(" < ", after)}. The ranking {(kept == all ? "survives" : "does not survive")}: "
            + $"{kept} of {all} pairs of schemes keep their order "
            + $"(Kendall's τ by seed: {string.Join(" ", bridge.Agreement(step).Select(t => Format.Fixed(t, 2)))}); "
            + $"the best scheme is {(before[0] == after[0] ? "the same" : $"{after[0]} instead of {before[0]}")}.";
    }

    private static void Write(Terminal terminal, BridgeStatistics bridge)
    {
        var set = bridge.Steps[0].Set;
        terminal.Out.WriteLine($"{set.Set} {set.Distribution}, from paper to corrected one trap at a time, "
            + $"{Format.Several(set.Runs[0].Clients, "client")}, seed{(set.Seeds.Count == 1 ? "" : "s")} {string.Join(", ", set.Seeds)}.");
        terminal.Out.WriteLine("Loss in nats a token on report text after the step, rank among the schemes, and what the step changed:");
        terminal.Out.WriteLine(set.Seeds.Count < HierarchicalBootstrap.LeastSeeds ? "every seed's mean."
            : "mean ± 95 % interval, ~ not distinguishable from zero.");
        var table = new FittedTable("corrected so far", "scheme", "loss", "rank", "change of loss", "change of rank") { Names = 2 };
        foreach (var step in bridge.Steps)
            foreach (var effect in step.Schemes)
                table.AddRow(effect == step.Schemes[0] ? Markup.Escape(step.Set.Value!) : "", effect.Scheme,
                    Format.Fixed(effect.MeanLoss, 4), Format.Fixed(effect.Rank, 1), ExperimentTable.Difference(effect.Loss), Ranks(effect.RankChange));
        table.Write(terminal);
        foreach (string line in ExperimentSet.Notes(bridge.Steps.Select(s => s.Set))) terminal.Out.WriteLine(line);
        foreach (string line in Answer(bridge)) terminal.Out.WriteLine(line);
        terminal.Out.WriteLine();
    }

    /// <summary>As a difference of losses; of fewer seeds every one's whole or half places, with its sign.</summary>
    internal static string Ranks(PairedDifference? change) => change is null or { HalfWidth: not null }
        ? ExperimentTable.Difference(change)
        : string.Join(" ", change.BySeed.Select(d => d == 0 ? "0" : d.ToString("+0.#;-0.#", System.Globalization.CultureInfo.InvariantCulture)));
}
