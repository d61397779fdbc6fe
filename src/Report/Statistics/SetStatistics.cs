namespace LoraCollab.Report.Statistics;

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
