using System.Globalization;

namespace LoraCollab.Cli.Reproduce;

/// <summary>
/// Finished runs of an experiment that a narrower command of it does not plan: one distribution of two, fewer seeds, other values. They stay in
/// experiment.json where the same command would make them in their place; others, made under other options, cannot be compared and are left out.
/// </summary>
/// <param name="Kept">In the order of the file.</param>
/// <param name="LeftOut">Their run folders stay.</param>
internal sealed record EarlierCells(IReadOnlyList<ExperimentCell> Kept, IReadOnlyList<ExperimentCell> LeftOut)
{
    /// <param name="folder">Of the experiment.</param>
    /// <param name="now">What it is now.</param>
    /// <param name="plan">The runs of the command.</param>
    /// <param name="again">What the command would plan for the distribution, the seed and the value of a cell.</param>
    public static EarlierCells Of(string folder, Experiment now, IReadOnlyList<PlannedRun> plan, Func<ExperimentCell, IEnumerable<PlannedRun>> again)
    {
        if (!File.Exists(Path.Combine(folder, Experiment.FileName))) return new EarlierCells([], []);
        var before = Experiment.Read(folder);
        ExperimentCell[] rest = [.. before.Cells.Where(c => !plan.Any(p => IsOf(c, p)))];
        bool same = (before.Name, before.Family, before.Scale) == (now.Name, now.Family, now.Scale);
        ExperimentCell[] kept = [.. rest.Where(c => same && File.Exists(Path.Combine(folder, c.Run, "summary.json")) && again(c).Any(p => IsOf(c, p)))];
        if (now.Name == Sweep) kept = WithEverySeed(kept, plan);
        return new EarlierCells(kept, [.. rest.Except(kept)]);
    }

    /// <summary>Name of the experiments whose sets stand side by side in one table.</summary>
    public const string Sweep = "sweep";

    /// <summary>Whether a cell is the result of a planned run: the mode is written out once it has run.</summary>
    public static bool IsOf(ExperimentCell cell, PlannedRun planned) => cell with { Run = "", Compat = planned.Cell.Compat } == planned.Cell;

    /// <summary>The plan's finished runs, and the kept ones after them; a sweep's in the order of its values where those are numbers.</summary>
    public IReadOnlyList<ExperimentCell> With(IEnumerable<ExperimentCell> done)
    {
        ExperimentCell[] all = [.. done, .. Kept];
        static double Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
        double[] values = [.. all.Select(c => Number(c.Value))];
        return Kept.Count == 0 || values.Any(double.IsNaN) ? all : [.. all.Zip(values).OrderBy(c => c.Second).Select(c => c.First)];
    }

    /// <summary>Says what is no longer in the tables.</summary>
    public void Write(Terminal terminal)
    {
        if (LeftOut.Count == 0) return;
        string sets = string.Join(", ", LeftOut.Select(c => $"{c.Set} {c.Distribution}{(c.Over is null ? "" : $" {c.Over} {c.Value}")}").Distinct());
        var (runs, folders) = LeftOut.Count == 1 ? ("run", "its folder stays") : ("runs", "their folders stay");
        terminal.Out.WriteLine($"{Experiment.FileName} no longer lists {LeftOut.Count} finished {runs} of other options or seeds ({sets}); {folders}.");
    }

    /// <summary>Values are compared on equal seeds: those that have just the plan's.</summary>
    private static ExperimentCell[] WithEverySeed(ExperimentCell[] kept, IReadOnlyList<PlannedRun> plan)
    {
        var seeds = plan.Select(p => p.Cell.Seed).ToHashSet();
        return
        [
            .. kept.Where(c => seeds.Contains(c.Seed)).GroupBy(c => (c.Set, c.Distribution, c.Compat, c.Over, c.Value))
                .Where(value => value.Count() == seeds.Count).SelectMany(value => value),
        ];
    }
}
