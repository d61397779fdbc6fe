using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("trust", HelpText = "Scores and trust of given adapters on given batches, without masks, for comparison with other systems.")]
internal sealed class TrustCommand : Command, IModelOption, IDataOption, ITemperatureOption, IOutOption, IBackendOptions
{
    public string? Model { get; set; }

    [Option("adapters", MetaValue = "DIR", Required = true, HelpText = "PEFT adapter folders, one a client: DIR DIR ...")]
    public IEnumerable<string> Adapters { get; set; } = [];

    public string? Data { get; set; }

    [Option("scheme", MetaValue = "NAME", Required = true, HelpText = SchemeOption.Help)]
    public string Scheme { get; set; } = "";

    [Option("form", MetaValue = "NAME", HelpText = "weights: update, rowwise, flat; validation: loss, perplexity; prediction: js, l1-all, l1-last. Default: the first.")]
    public string? Form { get; set; }

    [Option("prediction-k", MetaValue = "K", HelpText = "Most probable tokens that are sent for a position in scheme prediction. Default: 100.")]
    public string? PredictionK { get; set; }

    public string? Temperature { get; set; }
    public string? Out { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("How alike two clients' adapters are", new TrustCommand { Model = "gpt2/", Adapters = ["client_0", "client_1"], Scheme = "weights", Form = "update", Temperature = "0.5", Out = "trust.json" }),
    ];

    public override int Run(CommandContext context)
    {
        var options = TrustProbeOptions.Of(Scheme, Form, Numbers.Whole("--prediction-k", PredictionK, 100), Numbers.Positive("--temperature", Temperature, 1));
        var choice = BackendChoice.Of(this);
        string[] adapters = [.. Adapters];
        using var source = ModelSource.Open(Model, seed: 1);
        using var backend = choice.Open();
        var result = TrustProbe.Run(source.Weights, adapters, Data, options, backend);
        if (Out is not null) result.Save(Out);
        if (Json || Out is null) context.Out.Write(result.ToJson());
        else if (!Quiet)
            TrustHeatmap.Write(context.Terminal, [new TrustHeatmap($"{options.Scheme}, {options.Form}", result.Trust, [.. adapters.Select(a => Path.GetFileName(Path.TrimEndingDirectorySeparator(a)))])]);
        return ExitCode.Success;
    }
}
