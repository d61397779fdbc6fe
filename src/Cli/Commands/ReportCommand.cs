using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("report", HelpText = "Pages, pictures and tables of a finished run or of an experiment of several, written into its folder.")]
internal sealed class ReportCommand : Command, IRunOption
{
    public string? RunPath { get; set; }

    [Option("every-run", HelpText = "Of an experiment: a report of each of its runs, not only of the first of each data set.")]
    public bool EveryRun { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("A run of collab", new ReportCommand { RunPath = "runs/mine" }),
            new("Everything that reproduce ran", new ReportCommand { RunPath = "runs/reproduce-all-tiny", EveryRun = true })];

    public override int Run(CommandContext context)
    {
        string folder = Required.Option("report", "--run", RunPath, "the folder of a finished run or of an experiment");
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
