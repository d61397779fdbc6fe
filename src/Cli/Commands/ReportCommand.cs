namespace LoraCollab.Cli.Commands;

[Verb("report", "Pages, pictures and tables of a finished run or of an experiment of several, written into its folder.")]
[Example("A run of collab", "--run runs/mine")]
[Example("Everything that reproduce ran", "--run runs/reproduce-all-tiny --every-run")]
internal sealed class ReportCommand : Command
{
    [RunOption]
    public string? RunPath { get; init; }

    [Option("every-run", OptionGroup.Output, "Of an experiment: a report of each of its runs, not only of the first of each data set.")]
    public bool EveryRun { get; init; }

    public override int Run(CommandContext context)
    {
        string folder = Required("run", "the folder of a finished run or of an experiment");
        bool experiment = File.Exists(Path.Combine(folder, Experiment.FileName));
        if (EveryRun && !experiment) throw new UserException($"--every-run: {folder} is no experiment of several runs; it has no {Experiment.FileName}");
        using var held = experiment ? ExperimentRun.Hold(folder) : null;
        var written = ProgressView.Watch(context.Terminal, Quiet || Json, progress =>
            experiment ? ExperimentReport.Write(folder, progress.Report, EveryRun) : RunReport.Write(folder, progress.Report));
        if (Json) context.Out.WriteLine(JsonText.Line(written.Select(w => Path.Combine(folder, w.Path))));
        else
            foreach (var (path, holds) in written) context.Out.WriteLine($"  {Path.Combine(folder, path)}: {holds}");
        return ExitCode.Success;
    }
}
