namespace LoraCollab.Report.Experiments;

/// <summary>The way from `paper` to `corrected` on an experiment's page: the answer, loss and rank after each step, and what each step changed.</summary>
internal static class BridgeSection
{
    public static IEnumerable<PageBlock> Of(BridgeStatistics bridge)
    {
        var set = bridge.Steps[0].Set;
        string[] header = ["corrected so far", .. bridge.Steps[0].Schemes.Select(e => e.Scheme)];
        yield return new PageBlock.Heading(2, $"{set.Set} {set.Distribution}, from paper to corrected");
        foreach (string line in BridgeTable.Answer(bridge)) yield return new PageBlock.Paragraph(Words.Plain(line));
        yield return new PageBlock.Paragraph($"Mean loss in nats a token on report text after each step, and in brackets the rank among the schemes; "
            + $"each step keeps those before it. Seeds {string.Join(", ", set.Seeds)}.");
        yield return new PageBlock.Table(header,
            [.. bridge.Steps.Select(s => (string[])[s.Set.Value!, .. s.Schemes.Select(e => $"{Format.Fixed(e.MeanLoss, 4)} ({Format.Fixed(e.Rank, 1)})")])]);
        yield return new PageBlock.Paragraph("What the step changed of the loss, on the same seeds and clients.");
        yield return new PageBlock.Table(header,
            [.. bridge.Steps.Skip(1).Select(s => (string[])[s.Set.Value!, .. s.Schemes.Select(e => ExperimentTable.Difference(e.Loss).TrimEnd())])]);
        yield return new PageBlock.Paragraph("What the step changed of the rank.");
        yield return new PageBlock.Table(header,
            [.. bridge.Steps.Skip(1).Select(s => (string[])[s.Set.Value!, .. s.Schemes.Select(e => BridgeTable.Ranks(e.RankChange).TrimEnd())])]);
        foreach (string note in ExperimentSet.Notes(bridge.Steps.Select(s => s.Set))) yield return new PageBlock.Paragraph(Words.Plain(note));
    }
}

/// <summary>The way from `paper` to `corrected` as a picture: loss and rank of every scheme after each step.</summary>
internal static class BridgeFigure
{
    /// <summary>Ranks are drawn downwards: the best stands at the top.</summary>
    public static ReportFigure Of(BridgeStatistics bridge)
    {
        var first = bridge.Steps[0].Set;
        string title = $"{first.Set} {first.Distribution}, from paper to corrected";
        // "12: DropoutFixed" is the step that corrects trap 12, "lr: chosen anew" that of a setting.
        string[] steps = [.. bridge.Steps.Select(s => Short(s.Set.Value!))];
        SweepLine[] Lines(Func<BridgeEffect, double> value, Func<BridgeEffect, IEnumerable<double>> seeds) =>
        [
            .. bridge.Steps[0].Schemes.Select(e => e.Scheme).Select(scheme =>
            {
                BridgeEffect[] effects = [.. bridge.Steps.Select(step => step.Schemes.First(s => s.Scheme == scheme))];
                return new SweepLine(scheme, SchemeStyle.Of(scheme), [.. effects.Select(value)]) { Seeds = [.. effects.Select(e => (double[])[.. seeds(e)])] };
            }),
        ];
        (double, string)[] ranks = [.. Enumerable.Range(1, bridge.Steps[0].Schemes.Count).Select(rank => ((double)-rank, $"{rank}"))];
        return new ReportFigure($"bridge-{(first with { Compat = "corrected" }).FileName}", title,
            "Mean loss on report text, and mean rank among the schemes (1 is best), after each step; a step corrects the trap of that number, or "
                + "that setting, and keeps those before it. Open markers are single seeds.",
            path => SweepPicture.Save(path, $"{title}, {Format.Several(first.Seeds.Count, "seed")}", "trap or setting that is corrected", steps,
            [
                new("loss", "nats a token", Lines(e => e.MeanLoss, e => e.LossBySeed)),
                new("rank", "mean rank, the best at the top", Lines(e => -e.Rank, e => e.RankBySeed.Select(r => -r))) { YTicks = ranks },
            ]));
    }

    /// <summary>What fits below an axis of twenty steps.</summary>
    private static string Short(string step) => step.Split(':')[0] switch
    {
        "documents" => "text",
        "temperature" => "τ",
        var name => name,
    };
}
