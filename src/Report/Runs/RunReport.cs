namespace LoraCollab.Report.Runs;

/// <summary>
/// A finished run as pages, pictures, tables and TensorBoard events, all written into its folder. Everything comes from the run's own files, so it can be
/// made anew at any time.
/// </summary>
public static class RunReport
{
    /// <summary>Writes everything.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="drawn">Told the name of every picture before it is drawn, and the share that is done.</param>
    /// <returns>What was written, relative to the folder: files, and folders ending with a slash with the number of files.</returns>
    /// <exception cref="UserException">Another process holds the folder; it is not of a finished run, or a file in it is damaged.</exception>
    public static IReadOnlyList<(string Path, string Holds)> Write(string folder, Action<string, double>? drawn = null)
    {
        using var held = Directory.Exists(folder) ? FolderLock.Take(folder) : null;
        var run = RunRecord.Read(folder);
        AtomicFile.Sweep(folder);
        foreach (string below in new[] { "figures", "tables", "tensorboard" }) OwnFolder.RequireInside(folder, below);
        foreach (string scheme in run.Schemes) OwnFolder.RequireInside(folder, "tensorboard", scheme);
        var rounds = RoundStatistics.Of(run);
        ReportFigure[] perplexity = [PerplexityFigure.Of(run)], curves = [.. CurveFigures.Of(run)],
            trust = [.. TrustFigures.Of(run), .. TrustFigures.AfterLocal(run)], bytes = [.. BytesFigures.Of(run)];
        ReportFigure[] statistics = StatisticsFigure.Of(run, rounds) is { } figure ? [figure] : [];
        ReportFigure[] all = [.. perplexity, .. curves, .. trust, .. statistics, .. bytes];
        ReportFigure.SaveAll(folder, all, drawn);
        var tables = RunTables.Write(Path.Combine(folder, "tables"), run, rounds);
        int events = RunEvents.Write(Path.Combine(folder, "tensorboard"), run, rounds);
        PageBlock[] page =
        [
            new PageBlock.Heading(1, $"Run {run.Summary.RunId}: {RunTitle.Of(run)}"),
            .. Facts(run),
            new PageBlock.Heading(2, "Result"),
            new PageBlock.Paragraph("Perplexity on report text, mean over clients; worst: of the client that fares worst; harmed: clients that fare worse than "
                + "under Local. Bytes are those of all clients over the run."),
            RunTables.Result(run), .. Notes(run.Summary), .. Blocks(perplexity),
            new PageBlock.Heading(3, "Clients"),
            new PageBlock.Paragraph("Perplexity on report text after the last mix."), RunTables.Clients(run),
            .. run.Trust.All(t => t.Absent is null) ? (PageBlock[])[] : [new PageBlock.Heading(3, "Who took part"), RunTables.TookPart(run)],
            new PageBlock.Heading(2, "Learning"), .. Blocks(curves),
            .. trust.Length == 0 ? (PageBlock[])[] : [new PageBlock.Heading(2, "Trust"), .. Blocks(trust)],
            .. rounds.Count == 0 ? (PageBlock[])[] : [new PageBlock.Heading(2, "Trust in numbers"), .. Blocks(statistics), RunTables.Rounds(run, rounds)],
            .. bytes.Length == 0 ? (PageBlock[])[] : [new PageBlock.Heading(2, "What travels"), .. Blocks(bytes)],
            new PageBlock.Heading(2, "Files"),
            new PageBlock.Links([.. tables.Select(t => (t, $"tables/{t}", "")),
                ("tensorboard", "tensorboard", "`tensorboard --logdir` shows the curves of every scheme")]),
        ];
        return [.. WritePage(folder, page, all.Length, tables.Count), ("tensorboard/", $"{events} event files, one a scheme")];
    }

    /// <summary>Writes report.md and report.html, and says what they and the folders beside them hold.</summary>
    internal static IEnumerable<(string Path, string Holds)> WritePage(string folder, IReadOnlyList<PageBlock> page, int pictures, int tables)
    {
        AtomicFile.WriteText(Path.Combine(folder, "report.md"), MarkdownPage.Of(page));
        AtomicFile.WriteText(Path.Combine(folder, "report.html"), HtmlPage.Of(page, folder));
        return [("report.html", "everything in one file"), ("report.md", "the same with pictures beside it"),
            ("figures/", $"{pictures} pictures, each as PNG and SVG"), ("tables/", $"{tables} CSV files")];
    }

    private static IEnumerable<PageBlock> Facts(RunRecord run)
    {
        var (o, s) = (run.Identity.Options, run.Summary);
        yield return new PageBlock.Paragraph($"{Format.Several(s.Clients, "client")} of {Words.Plain(s.Data)} ({Words.Plain(s.Distribution)}) "
            + $"on {Words.Plain(s.Model)}, "
            + $"{s.Backend.ToString().ToLowerInvariant()}; {s.Compat}, seed {s.Seed}. "
            + $"{s.Iterations} iterations of {o.BatchSize * o.AccumulationSteps} × {o.SequenceLength} tokens, rank {o.Rank}, α "
                + $"{Format.Fixed(o.Alpha, o.Alpha == Math.Round(o.Alpha) ? 0 : 2)}; "
            + $"{(run.Trust.Count == 0 ? "no aggregation" : "aggregations after " + string.Join(", ", run.Trust.Select(t => t.Iteration).Distinct()))}. The "
                + $"whole run took {Format.Duration(TimeSpan.FromSeconds(s.Seconds))}.");
        yield return new PageBlock.Paragraph("Training text a client: "
            + string.Join(", ", run.Manifest.Clients.Select(c => c.Train.Tokens).Distinct().Order().Select(t => Format.Count(t))) + " tokens. "
            + "Every option is in `config.json`; this page is made from the run's own files by `loracollab report`.");
    }

    /// <summary>As below the table that collab prints.</summary>
    private static IEnumerable<PageBlock> Notes(RunSummary run) =>
        ResultNotes.Of(run.PretrainingOverlap, run).Select(line => new PageBlock.Paragraph(Words.Plain(line)));

    private static IEnumerable<PageBlock> Blocks(IEnumerable<ReportFigure> figures) => figures.Select(f => f.Block);
}

/// <summary>What a run is called in titles: "news, mixed, 8 clients, seed 1"; with a † where the model may have seen the text.</summary>
internal static class RunTitle
{
    public static string Of(RunRecord run) =>
        $"{run.Summary.Data}, {run.Summary.Distribution}, {Format.Several(run.Summary.Clients, "client")}, seed {run.Summary.Seed}"
            + (run.Summary.Compat == "corrected" ? "" : $", {run.Summary.Compat}") + ResultNotes.Mark(run.Summary.PretrainingOverlap);
}
