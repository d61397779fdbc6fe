using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("inspect gradients", HelpText = "Where the gradient goes: every tensor's from the loss down, and a verdict.")]
internal sealed class InspectGradientsCommand : Command, IGradientOptions, IRunOption, IOutOption
{
    public string? Model { get; set; }
    public string? Adapter { get; set; }
    public string? Mode { get; set; }
    public string? Steps { get; set; }

    [Option("batches", MetaValue = "M", HelpText = "Micro-batches to look at; with two or more there is a signal-to-noise ratio. Default: 4.")]
    public string? Batches { get; set; }

    public string? Tokenizer { get; set; }
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }
    public string? BatchSize { get; set; }
    public string? SequenceLength { get; set; }
    public string? Lr { get; set; }
    public string? Dropout { get; set; }
    public string? Rank { get; set; }
    public string? Alpha { get; set; }
    public string? LoraDropout { get; set; }
    public string? Targets { get; set; }
    public string? Seed { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }
    public string? RunPath { get; set; }
    public string? Out { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("An adapter's gradients after twenty steps, with a picture", new InspectGradientsCommand { Data = "news", Steps = "20", Out = "flow" })];

    public override int Run(CommandContext context)
    {
        int batches = Numbers.Whole("--batches", Batches, 4);
        if (Out is not null) WritableFolder.Require(Out);
        using var training = new ObservedTraining(this);
        var angles = RunPath is null ? [] : ClientAngles.Of(RunPath, training.Subject.Pass.Config);
        var report = GradientInspection.Of(training.Subject, batches, training.Rate, training.Fill);
        var findings = GradientVerdict.Of(report);
        string json = JsonText.File(GradientJson.Of(report, findings, angles));
        if (Out is not null)
        {
            using var held = FolderLock.Take(Out);
            AtomicFile.WriteText(Path.Combine(Out, "gradients.json"), json);
            GradientFigure.Save(Path.Combine(Out, "gradients"), $"Gradients of {training.Text}", report, GradientVerdict.Lines(findings));
        }
        if (Json) context.Out.Write(json);
        else Write(context, training.Text, report, angles, findings);
        return findings.Any(f => f.IsFault) ? ExitCode.Failed : ExitCode.Success;
    }

    private void Write(
        CommandContext context, string what, GradientReport report, IReadOnlyList<(string Scheme, IReadOnlyList<UpdateAngles> Angles)> angles,
        IReadOnlyList<GradientFinding> findings)
    {
        if (!Quiet)
        {
            context.Out.WriteLine($"Gradients of {what}: {report.Batches} micro-batches, mean loss {Report.Format.Fixed(report.Loss, 4)}.");
            GradientTable.Write(context.Terminal, report);
            if (angles.Count > 0) AngleTable.Write(context.Terminal, angles);
        }
        foreach (string line in GradientVerdict.Lines(findings)) context.Out.WriteLine($"verdict: {line}");
    }
}
