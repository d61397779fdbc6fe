namespace LoraCollab.Cli.Reproduce;

/// <summary>
/// Makes the runs of an experiment in DIR/runs/ID, one after the other, and writes experiment.json whenever one is done. A finished run is read, one that
/// was stopped goes on from its
/// checkpoint, and two cells of one configuration share a run: the same command again does only what is missing.
/// </summary>
/// <param name="folder">Of the experiment.</param>
/// <param name="plan">Its runs.</param>
/// <param name="again">As of <see cref="EarlierCells.Of"/>.</param>
internal sealed class ExperimentRun(string folder, IReadOnlyList<PlannedRun> plan, Func<ExperimentCell, IEnumerable<PlannedRun>> again)
{
    /// <summary>How to go on after a stop: no option is needed.</summary>
    public const string AfterStop = "the same command does what is missing";

    private readonly ExperimentCell?[] done = new ExperimentCell?[plan.Count];
    private EarlierCells earlier = new([], []);

    /// <summary>Locks the folder of an experiment for one command; its runs have locks of their own.</summary>
    /// <exception cref="UserException">Another process holds it, or it cannot be written.</exception>
    public static FolderLock Hold(string folder)
    {
        WritableFolder.Require(folder);
        var held = FolderLock.Take(folder);
        AtomicFile.Sweep(folder);
        return held;
    }

    /// <param name="empty">The experiment without its cells.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <param name="quiet">Whether it is not.</param>
    /// <param name="stop">Stops after a checkpoint.</param>
    /// <returns>The experiment, as it was written.</returns>
    public Experiment Execute(Experiment empty, Terminal terminal, bool quiet, CancellationToken stop)
    {
        earlier = EarlierCells.Of(folder, empty, plan, again);
        KeepFinished();
        if (!quiet) earlier.Write(terminal);
        return ProgressView.Watch(terminal, quiet, progress =>
        {
            for (int k = 0; k < plan.Count; k++)
            {
                var (arguments, cell) = (plan[k].Arguments, plan[k].Cell);
                if (!arguments.Has("fresh")) arguments = new OptionValues(arguments).Set("resume");
                double before = k;
                var run = SeedRun.Of(arguments, (stage, share) => progress.Report($"{plan[(int)before].Title}: {stage}", (before + share) / plan.Count), stop,
                    Path.Combine(folder, Experiment.Runs));
                done[k] = cell with { Compat = run.Summary.Compat, Run = $"{Experiment.Runs}/{Path.GetFileName(run.Folder)}" };
                Written(empty).Write(folder);
            }
            return Written(empty);
        });
    }

    /// <summary>Draws the pages and pictures of a finished experiment, and says in a line where they are.</summary>
    public static void Report(string folder, CommandContext context, bool quiet)
    {
        var written = ProgressView.Watch(context.Terminal, quiet, progress => ExperimentReport.Write(folder, progress.Report));
        if (!quiet) context.Out.WriteLine($"{Path.Combine(folder, written[0].Path)}: tables and {written.First(w => w.Path == "figures/").Holds}.");
    }

    /// <summary>What an earlier command of the same plan has finished stays in the file while this one is on its way.</summary>
    private void KeepFinished()
    {
        if (!File.Exists(Path.Combine(folder, Experiment.FileName))) return;
        var before = Experiment.Read(folder).Cells;
        for (int k = 0; k < plan.Count; k++)
            done[k] = before.FirstOrDefault(c => EarlierCells.IsOf(c, plan[k]));
    }

    private Experiment Written(Experiment empty) => empty with { Cells = earlier.With(done.OfType<ExperimentCell>()) };
}
