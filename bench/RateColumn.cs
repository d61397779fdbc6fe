using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace LoraCollab.Bench;

/// <summary>Work per nanosecond, with the work that the op itself states.</summary>
public sealed class RateColumn(string name, Func<(long Flops, long Bytes), long> amount) : IColumn
{
    /// <summary>FLOPs and bytes of a step, filled in at its set-up.</summary>
    public static Dictionary<OpStepChoice, (long Flops, long Bytes)> Work { get; } = [];

    public string Id => name;
    public string ColumnName => name;
    public string Legend => $"{name}: by the formula in the op's contract";
    public bool AlwaysShow => true;
    public ColumnCategory Category => ColumnCategory.Custom;
    public int PriorityInCategory => 0;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        var statistics = summary[benchmarkCase]?.ResultStatistics;
        if (statistics is null || !Work.TryGetValue((OpStepChoice)benchmarkCase.Parameters[nameof(OpBenchmarks.Step)], out var work)) return "-";
        return (amount(work) / statistics.Mean).ToString("0.00", CultureInfo.InvariantCulture);
    }
}
