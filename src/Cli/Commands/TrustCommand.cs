namespace LoraCollab.Cli.Commands;

[Verb("trust", "Scores and trust of given adapters on given batches, without masks, for comparison with other systems.")]
[Example("How alike two clients' adapters are",
    "--model gpt2/ --adapters client_0 client_1 --schemes weights --form update --temperature 0.5 --out trust.json")]
internal sealed class TrustCommand : Command
{
    [ModelOption]
    public string? Model { get; init; }

    [Option("adapters", OptionGroup.Adapter, "PEFT adapter folders, one per client: DIR DIR ...", Value = "DIR", Common = true)]
    public string[] Adapters { get; init; } = [];

    [InOption(Also = ["data"])]
    public string? In { get; init; }

    [SchemesOption]
    public string? Schemes { get; init; }

    [Option("form", OptionGroup.Trust, "weights: update, rowwise, flat; validation: loss, perplexity; prediction: js, l1-all, l1-last.", Value = "NAME",
        Default = "the first")]
    public string? Form { get; init; }

    [Option("prediction-k", OptionGroup.Trust, "Most probable tokens that are sent per position in scheme prediction.", Value = "K", Least = 1)]
    public int PredictionK { get; init; } = 100;

    [TemperatureOption(OptionGroup.Trust, AboveLeast = true)]
    public double Temperature { get; init; } = 1;

    [OutOption]
    public string? Out { get; init; }

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        var options = TrustProbeOptions.Of(Required("schemes", "weights, validation or prediction"), Form, PredictionK, Temperature);
        Required("adapters", "a folder per client");
        using var source = ModelSource.Open(Model, seed: 1);
        using var backend = Machine.Open();
        var result = TrustProbe.Run(source.Weights, Adapters, In, options, backend);
        if (Out is not null) result.Save(Out);
        if (Json || Out is null) context.Out.Write(result.ToJson());
        else if (!Quiet)
            TrustHeatmap.Write(context.Terminal, [new TrustHeatmap($"{options.Scheme}, {options.Form}", result.Trust,
                [.. Adapters.Select(a => Path.GetFileName(Path.TrimEndingDirectorySeparator(a)))])]);
        return ExitCode.Success;
    }
}
