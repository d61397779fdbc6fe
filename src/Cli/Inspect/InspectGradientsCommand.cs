namespace LoraCollab.Cli.Inspect;

[Verb("inspect gradients", "Where the gradient goes: every tensor's from the loss down, and a verdict.")]
[Example("An adapter's gradients after twenty steps, with a picture", "--data news --iterations 20 --out flow")]
internal sealed class InspectGradientsCommand : GradientOptions
{
    [Option("batches", OptionGroup.Output, "Micro-batches to look at; with two or more there is a signal-to-noise ratio.", Value = "M", Least = 1)]
    public int Batches { get; init; } = 4;

    [RunOption]
    public string? RunPath { get; init; }

    [OutOption]
    public string? Out { get; init; }

    public override int Run(CommandContext context)
    {
        if (Out is not null) WritableFolder.Require(Out);
        using var training = new ObservedTraining(this);
        var angles = RunPath is null ? [] : ClientAngles.Of(RunPath, training.Subject.Pass.Config);
        var report = GradientInspection.Of(training.Subject, Batches, training.Rate, training.Fill);
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
