using System.Diagnostics;
using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("eval", HelpText = "Loss, perplexity and next-token accuracy of a model on a text, with or without an adapter.")]
internal sealed class EvalCommand : Command, IModelOption, ITokenizerOption, ICorpusOptions, IAdapterOption, ISequenceOptions, IBackendOptions, IDebugOption
{
    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }
    public string? Adapter { get; set; }

    [Option("split", MetaValue = "PART",
        HelpText = "Which part of the text: all, train or validation (the last tenth of one text, every tenth of many documents). Default: all.")]
    public string? Split { get; set; }

    public string? SequenceLength { get; set; }
    public string? BatchSize { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }
    public string? Debug { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("How well a client's adapter predicts a text", new EvalCommand { Adapter = "runs/mine/adapters/validation/client_0", Data = "text.txt" })];

    public override int Run(CommandContext context)
    {
        var choice = BackendChoice.Of(this);
        using var source = ModelSource.Open(Model, seed: 1);
        int length = Numbers.Whole("--sequence-length", SequenceLength, Math.Min(source.Config.Context, 1024));
        int batch = Numbers.Batch("--batch-size", BatchSize, 8, length);
        var tokenizer = source.Tokenizer(Tokenizer);
        var adapterFile = source.Adapter(Adapter);
        var corpus = CorpusChoice.Open(this, context.Error);
        int[] tokens = TextSplit.Of(corpus, tokenizer, Split, context.Error);
        TextSplit.RequireWindow(tokens, length, $"--data {Data ?? Defaults.Data}");
        var windows = new EvaluationWindows(tokens, length);

        batch = Math.Min(batch, windows.Count);
        var memory = MemoryEstimate.ForEvaluation(source.Config, adapterFile?.Options, batch, length, choice.Size);
        (memory with { Corrections = adapterFile?.CorrectionBytes(choice.RealBytes) ?? 0 }).Require();
        using var backend = choice.Open();
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
            context.Out.WriteLine($"loss {Format.Fixed(result.Loss, 4)}, perplexity {Format.Perplexity(result.Perplexity)}, accuracy {Format.Fixed(result.Accuracy * 100, 1)} % "
                + $"over {Format.Count(result.Tokens)} tokens of {corpus.Name} in {Format.Duration(watch.Elapsed)} ({backend.Description})");
        return ExitCode.Success;
    }
}
