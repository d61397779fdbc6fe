using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("inspect why", HelpText = "inspect why TENSOR: the way of its gradient from the loss, op by op, and where it went wrong.")]
internal sealed class InspectWhyCommand : Command, IGradientOptions
{
    [Option("blocks", HelpText = "One line a half block above the tensor's own block, instead of one an op.")]
    public bool Blocks { get; set; }

    public string? Model { get; set; }
    public string? Adapter { get; set; }
    public string? Mode { get; set; }
    public string? Steps { get; set; }
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

    internal override int MostWords => 1;

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("Why A of a new adapter does not move", new InspectWhyCommand { Words = ["h.3.attn.c_attn.lora_A"], Data = "news" })];

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
