using LoraCollab.Report.Pages;
using LoraCollab.Report.Plots;
using LoraCollab.Report.Runs;
using LoraCollab.Report.Statistics;

namespace LoraCollab.Report.Experiments;

/// <summary>The sets of one option's values: perplexity against the value, on report text and on trust-validation text, by which a value is chosen.</summary>
/// <param name="Values">One set a value, in the order of the plan.</param>
internal sealed record Sweep(IReadOnlyList<SetStatistics> Values)
{
    private ExperimentSet First => Values[0].Set;

    public string Title => $"{First.Over}, {First.Set} {First.Distribution}" + (First.Compat == "corrected" ? "" : $", {First.Compat}")
        + OverlapNote.Mark(SetNotes.Overlap(First));

    /// <summary>Groups the sets that vary something.</summary>
    public static IReadOnlyList<Sweep> Of(IEnumerable<SetStatistics> sets) =>
        [.. sets.Where(s => s.Set.Over is not null).GroupBy(s => (s.Set.Over, s.Set.Set, s.Set.Distribution, s.Set.Compat)).Select(g => new Sweep([.. g]))];

    /// <param name="styles">As of <see cref="SetFigures"/>.</param>
    public ReportFigure Figure(IReadOnlyList<string> styles)
    {
        string[] values = [.. Values.Select(v => v.Set.Value ?? "")];
        SweepLine[] Lines(Func<SchemeStatistics, double> mean, Func<SchemeStatistics, double?>? half) =>
        [
            .. styles.Select((scheme, style) => (scheme, style)).Where(s => Values.Any(v => Found(v, s.scheme) is not null))
                .Select(s => new SweepLine(s.scheme, s.style, [.. Values.Select(v => Found(v, s.scheme) is { } f ? mean(f) : double.NaN)],
                    half is null ? null : [.. Values.Select(v => Found(v, s.scheme) is { } f ? half(f) : null)])),
        ];
        bool intervals = Values.All(v => v.Schemes.All(s => s.HalfWidth is not null));
        return new ReportFigure($"sweep-{First.Over}-{SetName.Of(First)}", $"Perplexity against {Title}",
            $"Mean over seeds and clients{(intervals ? ", with the 95 % interval" : "")}. Left: on report text. Right: exp of the mean loss on "
                + $"trust-validation text, by which a value is to be chosen.",
            path => SweepPicture.Save(path, $"Perplexity against {Title}", First.Over!, values,
            [
                ("on report text", "perplexity", Lines(s => s.MeanPerplexity, intervals ? s => s.HalfWidth : null)),
                ("on trust-validation text", "exp(mean loss)", Lines(s => Math.Exp(s.MeanTrustLoss!.Value), null)),
            ]));
    }

    /// <summary>A row a scheme, a column a value; the value that trust-validation chooses is marked.</summary>
    public Block.Table Table(IReadOnlyList<string> styles) => new([First.Over!, .. Values.Select(v => v.Set.Value ?? "")],
    [
        .. styles.Where(s => Values.Any(v => Found(v, s) is not null)).Select(scheme =>
        {
            double best = Values.Min(v => Found(v, scheme)?.MeanTrustLoss ?? double.PositiveInfinity);
            return (string[])[scheme, .. Values.Select(v => Cell(Found(v, scheme), best))];
        }),
    ]);

    /// <summary>What stands below the table.</summary>
    public IEnumerable<Block> Notes() => SetNotes.Of(Values.Select(v => v.Set)).Select(line => new Block.Paragraph(line));

    private static string Cell(SchemeStatistics? found, double best) =>
        found is null ? "" : ExperimentTable.Perplexity(found) + (found.MeanTrustLoss == best ? " *" : "");

    private static SchemeStatistics? Found(SetStatistics set, string scheme) => set.Schemes.FirstOrDefault(s => s.Scheme == scheme);
}
