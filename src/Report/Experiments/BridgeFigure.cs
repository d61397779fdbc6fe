using LoraCollab.Report.Plots;
using LoraCollab.Report.Runs;
using LoraCollab.Report.Statistics;

namespace LoraCollab.Report.Experiments;

/// <summary>The way from `paper` to `corrected` as a picture: loss and rank of every scheme after each step.</summary>
internal static class BridgeFigure
{
    /// <param name="bridge">Its steps.</param>
    /// <param name="styles">As of <see cref="SetFigures"/>.</param>
    public static ReportFigure Of(BridgeStatistics bridge, IReadOnlyList<string> styles)
    {
        var first = bridge.Steps[0].Set;
        string title = $"{first.Set} {first.Distribution}, from paper to corrected";
        // "12: DropoutFixed" is the step that corrects trap 12, "lr: chosen anew" that of a setting.
        string[] steps = [.. bridge.Steps.Select(s => s.Set.Value!.Split(':')[0])];
        SweepLine[] Lines(Func<BridgeEffect, double> value) =>
        [
            .. bridge.Steps[0].Schemes.Select(e => new SweepLine(e.Scheme, styles.TakeWhile(s => s != e.Scheme).Count(),
                [.. bridge.Steps.Select(step => value(step.Schemes.First(s => s.Scheme == e.Scheme)))])),
        ];
        return new ReportFigure($"bridge-{SetName.Of(first with { Compat = "corrected" })}", title,
            "Mean loss on report text, and mean rank among the schemes (1 is best), after each step; a step corrects the trap of that number, or "
                + "that setting, and keeps those before it.",
            path => SweepPicture.Save(path, title, "trap or setting that is corrected", steps,
                [("loss", "nats a token", Lines(e => e.MeanLoss)), ("rank", "mean rank", Lines(e => e.Rank))]));
    }
}
