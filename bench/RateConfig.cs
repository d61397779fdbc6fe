using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;

namespace LoraCollab.Bench;

/// <summary>Adds the rates to the table and writes the cases' names in full.</summary>
public sealed class RateConfig : ManualConfig
{
    public RateConfig()
    {
        AddColumn(new RateColumn("GFLOP/s", work => work.Flops), new RateColumn("GB/s", work => work.Bytes));
        HideColumns("Error", "Gen0", "Gen1", "Gen2", "Method");
        WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(100));
    }
}
