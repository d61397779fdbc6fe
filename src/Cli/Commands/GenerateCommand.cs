using System.Text;

namespace LoraCollab.Cli.Commands;

[Verb("generate", "Write on from a prompt, with or without an adapter.")]
[Example("What a client's adapter has learnt", "--adapter runs/mine/adapters/validation/client_0 --prompt 'The council' --temperature 0.8 --top-k 40")]
internal sealed class GenerateCommand : Command
{
    [ModelOption]
    public string? Model { get; init; }

    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [AdapterOption]
    public string? Adapter { get; init; }

    [Option("prompt", OptionGroup.Data, "The text to write on from.", Value = "TEXT", Default = "the start of a text")]
    public string? Prompt { get; init; }

    [Options]
    public GenerationOptions Drawing { get; init; } = new();

    [SeedOption]
    public ulong Seed { get; init; } = 1;

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        var options = (Drawing with { Seed = Seed }).Checked();
        using var source = ModelSource.Open(Model, Seed);
        var tokenizer = source.Tokenizer(Tokenizer);
        var adapterFile = source.Adapter(Adapter);
        string? text = Prompt is null ? null : TextFile.WithoutMark(Prompt);
        int[] prompt = PromptIds(tokenizer, text);

        var memory = MemoryEstimate.ForEvaluation(source.Config, adapterFile?.Options, 1, source.Config.Context, Machine.Size);
        (memory with { Corrections = adapterFile?.CorrectionBytes(Machine.RealBytes) ?? 0 }).Require();
        using var backend = Machine.Open();
        using var model = GptModel.Frozen(backend, source.Weights);
        using var adapter = adapterFile?.Place(model);
        using var generator = new Generator(model, backend, adapter);
        var stop = context.StopGracefully();
        var written = new List<int>();
        if (!Json) context.Terminal.Text.Write(text);
        var decoder = Encoding.UTF8.GetDecoder();
        foreach (int id in generator.Generate(prompt, options with { EndOfText = tokenizer.EndOfText, Vocabulary = tokenizer.VocabularySize }))
        {
            written.Add(id);
            if (!Json) Write(context.Terminal.Text, decoder, tokenizer.Bytes(id), flush: false);
            if (stop.IsCancellationRequested) break;
        }
        if (Json) context.Out.WriteLine(JsonText.Line(new { prompt = text ?? "", text = tokenizer.Decode(written.ToArray()), ids = written }));
        else
        {
            Write(context.Terminal.Text, decoder, [], flush: true);
            context.Out.WriteLine();
        }
        stop.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    private static int[] PromptIds(ITokenizer tokenizer, string? text)
    {
        if (text is not null) return tokenizer.Encode(text);
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
