namespace LoraCollab.Cli.Inspect;

[Verb("inspect why", "The way of a tensor's gradient from the loss, op by op, and where it went wrong.", Operands = "TENSOR")]
[Example("Why A of a new adapter does not move", "h.3.attn.c_attn.lora_A --data news")]
internal sealed class InspectWhyCommand : GradientOptions
{
    [Option("blocks", OptionGroup.Output, "One line per half block above the tensor's own block, instead of one per op.")]
    public bool Blocks { get; init; }

    public override int Run(CommandContext context)
    {
        string tensor = Words.FirstOrDefault() ?? throw new UsageException("inspect why: name a tensor, such as h.0.attn.c_attn.lora_B",
            "loracollab inspect gradients lists those that have a gradient");
        using var training = new ObservedTraining(this);
        var report = GradientInspection.Of(training.Subject, 1, training.Rate, training.Fill);
        if (report.BadForward is not null) return WithoutWay(context, tensor, GradientVerdict.Of(report)[0]);
        var path = GradientPath.Of(report, tensor);
        if (Json) context.Out.Write(JsonText.File(PathJson.Of(path)));
        else Write(context, training.Text, Blocks ? path.WithoutOpsAbove() : path);
        return path.First is { IsFault: true } ? ExitCode.Failed : ExitCode.Success;
    }

    /// <summary>Where the forward pass already fails, no gradient has a way: there is only the verdict.</summary>
    private int WithoutWay(CommandContext context, string tensor, GradientFinding found)
    {
        if (Json) context.Out.Write(JsonText.File(PathJson.WithoutWay(tensor, found)));
        else context.Out.WriteLine($"verdict: {found}");
        return ExitCode.Failed;
    }

    private void Write(CommandContext context, string what, GradientPath path)
    {
        if (!Quiet)
        {
            context.Out.WriteLine($"From the loss to {TensorNames.Short(path.Tensor)}: {what}. Norms of gradients; an op's factor is out / in.");
            PathTable.Write(context.Terminal, path);
        }
        string arrives = $"the gradient arrives with norm {Format.Scientific(path.Norm)}";
        context.Out.WriteLine($"verdict: {path.First?.ToString() ?? arrives}");
    }
}
