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
        foreach (string note in SetNotes.Of(bridge.Steps.Select(s => s.Set))) yield return new PageBlock.Paragraph(Words.Plain(note));
    }
}
