using System.Text;
using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("generate", HelpText = "Write on from a prompt, with or without an adapter.")]
internal sealed class GenerateCommand : Command, IModelOption, ITokenizerOption, IAdapterOption, ITemperatureOption, ISeedOption, IBackendOptions
{
    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Adapter { get; set; }

    [Option("prompt", MetaValue = "TEXT", HelpText = "The text to write on from. Default: the start of a text.")]
    public string? Prompt { get; set; }

    [Option("length", MetaValue = "N", HelpText = "The most tokens to write. Default: 100.")]
    public string? Length { get; set; }

    public string? Temperature { get; set; }

    [Option("top-k", MetaValue = "K", HelpText = "Draw from the K most probable tokens only; 0: from all. Default: 0.")]
    public string? TopK { get; set; }

    [Option("top-p", MetaValue = "P", HelpText = "Draw from the fewest tokens whose probabilities reach P only. Default: 1.")]
    public string? TopP { get; set; }

    public string? Seed { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("What a client's adapter has learnt", new GenerateCommand { Adapter = "runs/mine/adapters/validation/client_0", Prompt = "The council", Temperature = "0.8", TopK = "40" }),
    ];

    public override int Run(CommandContext context)
    {
        ulong seed = Numbers.Seed("--seed", Seed, 1);
        var options = new GenerationOptions
        {
            MaxTokens = Numbers.Whole("--length", Length, 100, 0),
            Temperature = Numbers.Real("--temperature", Temperature, 1, 0),
            TopK = Numbers.Whole("--top-k", TopK, 0, 0),
            TopP = Numbers.Real("--top-p", TopP, 1),
            Seed = seed,
        }.Checked();
        var choice = BackendChoice.Of(this);
        using var source = ModelSource.Open(Model, seed);
        var tokenizer = source.Tokenizer(Tokenizer);
        var adapterFile = source.Adapter(Adapter);
        if (Prompt is not null) Prompt = TextFile.WithoutMark(Prompt);
        int[] prompt = PromptIds(tokenizer);

        var memory = MemoryEstimate.ForEvaluation(source.Config, adapterFile?.Options, 1, source.Config.Context, choice.Size);
        (memory with { Corrections = adapterFile?.CorrectionBytes(choice.RealBytes) ?? 0 }).Require();
        using var backend = choice.Open();
        using var model = GptModel.Frozen(backend, source.Weights);
        using var adapter = adapterFile?.Place(model);
        using var generator = new Generator(model, backend, adapter);
        var stop = context.StopGracefully();
        var written = new List<int>();
        if (!Json) context.Terminal.Text.Write(Prompt);
        var decoder = Encoding.UTF8.GetDecoder();
        foreach (int id in generator.Generate(prompt, options with { EndOfText = tokenizer.EndOfText, Vocabulary = tokenizer.VocabularySize }))
        {
            written.Add(id);
            if (!Json) Write(context.Terminal.Text, decoder, tokenizer.Bytes(id), flush: false);
            if (stop.IsCancellationRequested) break;
        }
        if (Json) context.Out.WriteLine(JsonText.Line(new { prompt = Prompt ?? "", text = tokenizer.Decode(written.ToArray()), ids = written }));
        else
        {
            Write(context.Terminal.Text, decoder, [], flush: true);
            context.Out.WriteLine();
        }
        stop.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    private int[] PromptIds(ITokenizer tokenizer)
    {
        if (Prompt is not null) return tokenizer.Encode(Prompt);
        return [tokenizer.EndOfText ?? throw new UserException("--prompt is required with this tokenizer, which has no token for the start of a text")];
    }

    /// <summary>
    /// Text as it comes; a character whose bytes are spread over tokens waits for its last one. At the end the rest of one that never came is shown as U+FFFD.
    /// </summary>
    private static void Write(TextWriter output, Decoder decoder, ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> characters = new char[decoder.GetCharCount(bytes, flush)];
        int count = decoder.GetChars(bytes, characters, flush);
        output.Write(characters[..count]);
    }
}
