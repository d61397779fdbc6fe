namespace LoraCollab.Report.Experiments;

/// <summary>
/// A whole experiment as pages, pictures and tables, written into its folder: a section per set, then the sweeps, then the runs. The first seed of every
/// set gets a report of its own, whose pictures of curves and trust stand in the set's section.
/// </summary>
public static class ExperimentReport
{
    /// <summary>Pictures of a run's own report that stand in its set's section too, where they are there; * is a scheme.</summary>
    private static readonly (string Name, string Title, string Caption)[] s_ofRun =
    [
        ("trust-last", "Trust at the last aggregation", "The last matrix of every scheme on one colour range, equal ones once."),
        ("trust-*-fixed", "Trust of *", "* at the first, the second and the last aggregation beside the matrix that the true shares ask for; one colour "
            + "range for all schemes."),
        ("trust-weights-free", "Trust of weights, free range", "The same of weights, each matrix on its own range."),
        ("trust-after-local", "Trust after purely local training", "What each scheme says of the adapters that Local ends with; colours from 0 to 0.35."),
        ("rounds", "Trust by aggregation", "Means over clients."),
        ("round", "One round", "What one client sends and receives in a round, mean over clients."),
    ];

    /// <summary>How the names of the pictures of sets, sweeps and bridges begin.</summary>
    private static readonly string[] s_ofSets = ["perplexity-", "bytes-", "curves-", "sweep-", "bridge-"];

    /// <summary>Writes everything; as <see cref="RunReport.Write"/>.</summary>
    /// <param name="folder">Of the experiment.</param>
    /// <param name="drawn">Told what is being drawn, and the share that is done.</param>
    /// <param name="everyRun">A report for every run, not only for the first of a set.</param>
    /// <exception cref="UserException">The folder holds no experiment or an empty one, or a run of it is missing or damaged.</exception>
    public static IReadOnlyList<(string Path, string Holds)> Write(string folder, Action<string, double>? drawn = null, bool everyRun = false)
    {
        var experiment = Experiment.Read(folder);
        foreach (string below in new[] { "figures", "tables" }) OwnFolder.RequireInside(folder, below);
        if (experiment.Cells.Count == 0)
            throw new UserException($"{Path.Combine(folder, Experiment.FileName)}: no run of it has finished; "
                + "the command that began it goes on where it stopped");
        var read = ExperimentSet.Of(experiment, folder);
        // Corrected apart: a sweep is no row of the table.
        SetStatistics[] sets = [.. SetStatistics.Of([.. read.Where(s => s.Over is null)])],
            swept = [.. SetStatistics.Of([.. read.Where(s => s.Over is not (null or BridgeStatistics.Over))])];
        string[] schemes = [.. read.SelectMany(s => s.Schemes).Distinct()];
        var sweeps = SweepSection.Of(swept);
        var own = sets.ToDictionary(s => s, s =>
            SetFigures.Of(s).Concat(SetCurves.Of(s.Set, CellsOf(experiment, s.Set).Select(c => Path.Combine(folder, c.Run)))).ToArray());
        var bridges = BridgeStatistics.Of(read).Select(b => (Bridge: b, Figure: BridgeFigure.Of(b))).ToArray();
        ReportFigure[] ofSweeps = [.. sweeps.Select(s => s.Figure(schemes))],
            all = [.. own.Values.SelectMany(f => f), .. ofSweeps, .. bridges.Select(b => b.Figure)];
        string[] runs = [.. (everyRun ? experiment.Cells : sets.Select(s => FirstOf(experiment, s.Set))).Select(c => c.Run).Distinct()];
        double share = (double)all.Length / Math.Max(1, all.Length + 16 * runs.Length);
        ReportFigure.SaveAll(folder, all, (title, done) => drawn?.Invoke(title, done * share));
        ReportFigure.DeleteOthers(folder, all, s_ofSets);
        for (int i = 0; i < runs.Length; i++)
        {
            int k = i;
            RunReport.Write(Path.Combine(folder, runs[i]), (title, done) =>
                drawn?.Invoke($"{runs[k]}: {title}", share + (1 - share) * (k + done) / runs.Length));
        }
        var tables = ExperimentCsv.Write(Path.Combine(folder, "tables"), [.. sets, .. swept]);
        PageBlock[] page =
        [
            new PageBlock.Heading(1, $"{experiment.Name}: {experiment.Family}, {experiment.Scale}"), .. Reading(read),
            .. sets.SelectMany(s => Section(folder, experiment, s, own[s])),
            .. sweeps.Count == 0 ? (PageBlock[])[] : [new PageBlock.Heading(2, "Against single values"),
                new PageBlock.Paragraph("Perplexity on report text; * has the lowest loss on trust-validation text, by which a value is chosen.")],
            .. sweeps.Zip(ofSweeps).SelectMany(s => (PageBlock[])
                [new PageBlock.Heading(3, s.First.Title), s.First.Table(schemes), .. s.First.Notes(), s.Second.Block]),
            .. bridges.SelectMany(b => BridgeSection.Of(b.Bridge).Append(b.Figure.Block)),
            new PageBlock.Heading(2, "Runs"), Runs(folder, experiment),
            new PageBlock.Heading(2, "Files"), new PageBlock.Links([.. tables.Select(t => (t, $"tables/{t}", "")),
                (Experiment.FileName, Experiment.FileName, "every run with the command that makes it again")]),
        ];
        return [.. RunReport.WritePage(folder, page, all.Length, tables.Count), .. runs.Select(r => ($"{r}/report.html", "the run by itself"))];
    }

    private static IEnumerable<PageBlock> Reading(IReadOnlyList<ExperimentSet> sets)
    {
        int most = sets.Max(s => s.Seeds.Count), least = sets.Min(s => s.Seeds.Count);
        yield return new PageBlock.Paragraph("Perplexity on report text after the last mix; differences of its logarithm (the loss in nats a token) "
            + "on the same seeds and clients, below zero is better; gain and harmed: "
            + "share of clients that do better and worse than under Local; worst: the client with the highest perplexity.");
        yield return new PageBlock.Paragraph(most >= HierarchicalBootstrap.LeastSeeds
            ? "± 95 % interval: seeds are resampled, then clients within them; ~ not distinguishable from zero after Holm's correction over all rows of this "
                + "page's sets."
            : $"Fewer than {HierarchicalBootstrap.LeastSeeds} seeds: every seed's mean is printed, and nothing is called significant.");
        if (most != least) yield return new PageBlock.Paragraph($"Sets have {least} to {most} seeds: not all runs are there.");
    }

    private static IEnumerable<PageBlock> Section(string folder, Experiment experiment, SetStatistics set, IEnumerable<ReportFigure> figures)
    {
        var s = set.Set;
        yield return new PageBlock.Heading(2, s.Title);
        yield return new PageBlock.Paragraph($"{Format.Several(s.Runs[0].Clients, "client")}, {s.Runs[0].Iterations} iterations, "
            + $"seed{(s.Seeds.Count == 1 ? "" : "s")} {string.Join(", ", s.Seeds)}; base model {Format.Perplexity(s.Runs.Average(r => r.BasePerplexity))}.");
        yield return Table(set);
        foreach (string note in ExperimentSet.Notes(s)) yield return new PageBlock.Paragraph(Words.Plain(note));
        foreach (var figure in figures) yield return figure.Block;
        var first = FirstOf(experiment, s);
        yield return new PageBlock.Heading(3, $"{s.Title}, seed {first.Seed}");
        foreach (var (name, title, caption) in s_ofRun)
            foreach (string scheme in name.Contains('*') ? s.Schemes : [""])
            {
                string file = name.Replace("*", scheme);
                if (File.Exists(Path.Combine(folder, first.Run, "figures", file + ".png")))
                    yield return new PageBlock.Figure($"{first.Run}/figures/{file}", title.Replace("*", scheme), caption.Replace("*", scheme));
            }
        yield return new PageBlock.Links([("the whole report of this run", $"{first.Run}/report.html",
            "every matrix also on a free range and without its diagonal, clients, what each mix does, tables")]);
    }

    private static PageBlock.Table Table(SetStatistics set) =>
        new(["", "perplexity", "to Local", "to FedAvg", "gain", "harmed", "worst client", "its difference to Local"],
    [
        .. set.Rows.Select(s => (string[])[s.Title, ExperimentTable.Perplexity(s), ExperimentTable.Difference(s.ToLocal).TrimEnd(),
            ExperimentTable.Difference(s.ToFedAvg).TrimEnd(), ExperimentTable.Share(s.ToLocal?.Gain),
            ExperimentTable.Share(s.ToLocal?.Harmed), $"{Format.Perplexity(s.Worst.Perplexity)} ({s.Worst.Name})",
            s.Worst.ToLocal is { } d ? Format.Fixed(d, 4) : ""]),
    ]);

    private static PageBlock.Links Runs(string folder, Experiment experiment) => new(
    [
        .. experiment.Cells.Select(c => ($"{ExperimentSet.NameOf(c.Set, c.Distribution, c.Compat, c.Over, c.Value)}, seed {c.Seed}",
            c.Run + (File.Exists(Path.Combine(folder, c.Run, "report.html")) ? "/report.html" : ""), c.Command is null ? "" : $"`{Words.Plain(c.Command)}`")),
    ]);

    private static ExperimentCell FirstOf(Experiment experiment, ExperimentSet set) => CellsOf(experiment, set).First(c => c.Seed == set.Seeds[0]);

    private static IEnumerable<ExperimentCell> CellsOf(Experiment experiment, ExperimentSet set) =>
        experiment.Cells.OrderBy(c => c.Seed)
            .Where(c => (c.Set, c.Distribution, c.Compat, c.Over, c.Value) == (set.Set, set.Distribution, set.Compat, set.Over, set.Value));
}
