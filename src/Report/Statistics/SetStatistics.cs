using LoraCollab.Report.Experiments;

namespace LoraCollab.Report.Statistics;

/// <summary>All schemes on one set: a section of an experiment's table.</summary>
/// <param name="Set">The runs.</param>
/// <param name="Schemes">A row each.</param>
public sealed record SetStatistics(ExperimentSet Set, IReadOnlyList<SchemeStatistics> Schemes)
{
    /// <summary>
    /// Compares the schemes of every set; p values are corrected over all schemes and sets, for the differences to Local and to FedAvg apart.
    /// </summary>
    public static IReadOnlyList<SetStatistics> Of(IReadOnlyList<ExperimentSet> sets)
    {
        SetStatistics[] found = [.. sets.Select(set => new SetStatistics(set, [.. set.Schemes.Select(scheme => SchemeStatistics.Of(set, scheme))]))];
        var local = PairedDifference.Corrected(found.SelectMany(s => s.Schemes).Select(s => s.ToLocal));
        var fedavg = PairedDifference.Corrected(found.SelectMany(s => s.Schemes).Select(s => s.ToFedAvg));
        return [.. found.Select(set => set with { Schemes = [.. set.Schemes.Select(s => s with { ToLocal = local(s.ToLocal), ToFedAvg = fedavg(s.ToFedAvg) })] })];
    }
}
