using CommandLine;
using CommandLine.Text;
using LoraCollab.Cli.Parsing;
using LoraCollab.Report;
using LoraCollab.Report.Runs;

namespace LoraCollab.Cli.Commands;

[Verb("report", HelpText = "Pages, pictures, CSV tables and TensorBoard events of a finished run, written into its folder.")]
internal sealed class ReportCommand : Command
{
    [Option("run", MetaValue = "DIR", HelpText = "Required. The folder of a finished run.")]
    public string? RunFolder { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples => [new("A run of collab", new ReportCommand { RunFolder = "runs/mine" })];

    public override int Run(CommandContext context)
    {
        string folder = Required.Option("report", "--run", RunFolder, "the folder of a finished run");
        var written = ProgressView.Watch(context.Terminal, Quiet || Json, progress => RunReport.Write(folder, progress.Report));
        if (Json) context.Out.WriteLine(JsonText.Line(written.Select(w => Path.Combine(folder, w.Path))));
        else
            foreach (var (path, holds) in written) context.Out.WriteLine($"  {Path.Combine(folder, path)}: {holds}");
        return ExitCode.Success;
    }
}
