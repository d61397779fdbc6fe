using System.Text.RegularExpressions;

namespace LoraCollab.Report.Experiments;

/// <summary>The runs of an experiment that differ in nothing but their seed: one section of its table.</summary>
/// <param name="Set">Name of the data.</param>
/// <param name="Distribution">Who holds what.</param>
/// <param name="Compat">corrected or paper, and the traps that differ.</param>
/// <param name="Over">The option that is varied, if any.</param>
/// <param name="Value">Its value.</param>
/// <param name="Seeds">[S].</param>
/// <param name="Runs">[S]: results, in the order of the seeds.</param>
public sealed record ExperimentSet(string Set, string Distribution, string Compat, string? Over, string? Value,
    IReadOnlyList<ulong> Seeds, IReadOnlyList<RunSummary> Runs)
{
    /// <summary>"news specific", and value and mode where they are not the usual ones; a † where the model may have seen the text.</summary>
    public string Title => Name + ResultNotes.Mark(Overlap);

    private string Name => NameOf(Set, Distribution, Compat, Over, Value);

    internal static string NameOf(string set, string distribution, string compat, string? over = null, string? value = null) =>
        $"{set} {distribution}" + (compat == "corrected" ? "" : $", {compat}") + (over is null ? "" : $", {over} {value}");

    /// <summary>How files about it are called: "news-specific", "agnews-mixed-paper-12-corrected".</summary>
    internal string FileName =>
        Regex.Replace($"{Set}-{Distribution}{(Compat == "corrected" ? "" : "-" + Compat)}".ToLowerInvariant(), "[^a-z0-9]+", "-").Trim('-');

    /// <summary>What the model may have seen before, over the clients of all seeds, whose texts differ; null: not compared.</summary>
    internal PretrainingOverlap? Overlap
    {
        get
        {
            PretrainingOverlap[] found = [.. Runs.Select(r => r.PretrainingOverlap).OfType<PretrainingOverlap>()];
            return found.Length == 0 ? null : found[0] with { Clients = [.. found.Where(o => o.Hash == found[0].Hash).SelectMany(o => o.Clients)] };
        }
    }

    /// <summary>What stands below a table of sets. What several have in common is said once.</summary>
    internal static IEnumerable<string> Notes(params IEnumerable<ExperimentSet> sets) => sets.SelectMany(s => ResultNotes.Of(s.Overlap, s.Runs)).Distinct();

    /// <summary>Schemes that every seed's run has, in the first run's order.</summary>
    public IReadOnlyList<string> Schemes => [.. Runs[0].Schemes.Keys.Where(s => Runs.All(r => r.Schemes.ContainsKey(s)))];

    /// <summary>[S]: adapters trained without collaboration, by name, where they were asked for.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, ComparatorSummary>> Compared { get; init; } = [];

    /// <summary>Comparators that every seed's run has, in the first run's order.</summary>
    public IReadOnlyList<string> Comparators => Compared.Count == 0 ? [] : [.. Compared[0].Keys.Where(c => Compared.All(r => r.ContainsKey(c)))];

    /// <summary>Groups an experiment's cells and reads their results.</summary>
    /// <param name="experiment">What ran.</param>
    /// <param name="folder">Where its experiment.json lies.</param>
    /// <exception cref="UserException">A run's result is not there, a seed is there twice, or runs of one set have different clients.</exception>
    public static IReadOnlyList<ExperimentSet> Of(Experiment experiment, string folder) =>
    [
        .. experiment.Cells.GroupBy(c => (c.Set, c.Distribution, c.Compat, c.Over, c.Value)).Select(group =>
        {
            var cells = group.OrderBy(c => c.Seed).ToArray();
            var (set, distribution, compat, over, value) = group.Key;
            return new ExperimentSet(set, distribution, compat, over, value, [.. cells.Select(c => c.Seed)],
                [.. cells.Select(c => RunFolder.ReadSummary(Path.Combine(folder, c.Run)))])
            {
                Compared = [.. cells.Select(c => RunFolder.ReadComparators(Path.Combine(folder, c.Run)))],
            }.Checked();
        }),
    ];

    /// <summary>
    /// [S][N]: nats per token on report-validation after the last mix, of every seed's clients that count; perplexity is its exp, so differences are those
    /// of log-perplexity.
    /// </summary>
    /// <param name="name">Of a scheme or a comparator.</param>
    public double[][] Losses(string name) => Comparators.Contains(name)
        ? [.. Compared.Select(r => Counted.Select(i => r[name].ClientLosses[i]).ToArray())]
        : [.. Runs.Select(r => Counted.Select(i => r.Schemes[name].Clients[i].Loss).ToArray())];

    /// <summary>Clients that count under every scheme of every seed: no others can be paired.</summary>
    public IReadOnlyList<int> Counted => [.. Enumerable.Range(0, Runs[0].Clients)
        .Where(i => Runs.All(r => Schemes.All(s => r.Schemes[s].Clients[i].LeftOut is null)))];

    private ExperimentSet Checked()
    {
        for (int s = 1; s < Seeds.Count; s++)
            if (Seeds[s] == Seeds[s - 1]) throw new UserException($"{Experiment.FileName}: {Name} has seed {Seeds[s]} twice; leave one run out");
        if (Runs.FirstOrDefault(r => r.Clients != Runs[0].Clients) is { } odd)
            throw new UserException($"{Experiment.FileName}: {Name} has runs of {Runs[0].Clients} and of {odd.Clients} clients; "
                + "clients can only be paired where there are as many");
        if (Compared.SelectMany(c => c).FirstOrDefault(c => c.Value.ClientLosses.Count != Runs[0].Clients) is { Key: { } name } other)
            throw new UserException($"{Experiment.FileName}: comparators.json of a run of {Name} has {other.Value.ClientLosses.Count} clients under {name} "
                + $"where the runs have {Runs[0].Clients}");
        if (Schemes.Count == 0) throw new UserException($"{Experiment.FileName}: the runs of {Name} have no scheme in common");
        if (Counted.Count == 0)
            throw new UserException($"{Experiment.FileName}: no client of {Name} counts under every scheme and seed: each attacks or was excluded once");
        return this;
    }
}
