using System.Diagnostics;

namespace LoraCollab.Cli.Commands;

[Verb("eval", "Loss, perplexity and next-token accuracy of a model on a text, with or without an adapter.")]
[Example("How well a client's adapter predicts a text", "--adapter runs/mine/adapters/validation/client_0 --data text.txt")]
internal sealed class EvalCommand : Command
{
    [ModelOption]
    public string? Model { get; init; }

    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [Options]
    public TextOptions Text { get; init; } = new();

    [AdapterOption]
    public string? Adapter { get; init; }

    [Option("split", OptionGroup.Data, "Which part of the text: all, train or validation (the last tenth of one text, every tenth of many documents).",
        Value = "PART", Choices = ["all", "train", "validation"])]
    public string Split { get; init; } = "all";

    [SequenceLengthOption(Default = "the context, at most 1024")]
    public int? SequenceLength { get; init; }

    [BatchSizeOption]
    public int BatchSize { get; init; } = 8;

    [Options]
    public CheckedBackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        using var source = ModelSource.Open(Model, seed: 1);
        int length = source.Window(SequenceLength, 1024);
        BatchSizeOptionAttribute.RequireAddressable(BatchSize, length);
        var tokenizer = source.Tokenizer(Tokenizer);
        var adapterFile = source.Adapter(Adapter);
        var corpus = Text.Open(context.Error);
        int[] tokens = TextSplit.Of(corpus, tokenizer, Split, context.Error);
        TextSplit.RequireWindow(tokens, length, $"--data {Text.Data}");
        var windows = new EvaluationWindows(tokens, length);

        int batch = Math.Min(BatchSize, windows.Count);
        var memory = MemoryEstimate.ForEvaluation(source.Config, adapterFile?.Options, batch, length, Machine.Size);
        (memory with { Corrections = adapterFile?.CorrectionBytes(Machine.RealBytes) ?? 0 }).Require();
        using var backend = Machine.Open();
        using var model = GptModel.Frozen(backend, source.Weights);
        using var adapter = adapterFile?.Place(model);
        using var pass = new GptPass(model, backend, batch, length, PassKind.Forward, adapterFile?.Options);
        var watch = Stopwatch.StartNew();
        var result = new Evaluator(pass).EvaluateFinite(windows, adapter);
        double seconds = watch.Elapsed.TotalSeconds;

        if (Json)
            context.Out.WriteLine(JsonText.Line(new
            {
                loss = result.Loss,
                perplexity = result.Perplexity,
                accuracy = result.Accuracy,
                tokens = result.Tokens,
                seconds = Math.Round(seconds, 3),
            }));
        else
            context.Out.WriteLine($"loss {Format.Fixed(result.Loss, 4)}, perplexity {Format.Perplexity(result.Perplexity)}, accuracy "
                + $"{Format.Fixed(result.Accuracy * 100, 1)} % "
                + $"over {Format.Count(result.Tokens)} tokens of {corpus.Name} in {Format.Duration(watch.Elapsed)} ({backend.Description})");
        return ExitCode.Success;
    }
}
