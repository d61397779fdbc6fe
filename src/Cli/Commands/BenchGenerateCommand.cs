using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("bench generate", HelpText = "Time generation beside what the memory can deliver, random weights, as one JSON line.")]
internal sealed class BenchGenerateCommand : Command, IBenchModelOptions
{
    /// <summary>Tokens that are drawn before the clock runs: the one after the prompt, and one that compiles the path of a single row.</summary>
    private const int WarmUp = 2;

    public string? Layers { get; set; }
    public string? Heads { get; set; }
    public string? Embd { get; set; }
    public string? Vocab { get; set; }

    [Option("prompt", MetaValue = "N", HelpText = "Tokens that are read before the first is drawn. Default: 8.")]
    public string? Prompt { get; set; }

    [Option("tokens", MetaValue = "N", HelpText = "Tokens that are timed. Default: 32.")]
    public string? Tokens { get; set; }

    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples => [new("GPT-2 124M, 64 tokens", new BenchGenerateCommand { Tokens = "64" })];

    public override int Run(CommandContext context)
    {
        int prompt = Numbers.Whole("--prompt", Prompt, 8, 1, 1 << 20), tokens = Numbers.Whole("--tokens", Tokens, 32, 1, 1 << 20);
        var config = BenchPlan.Sizes(this, prompt + WarmUp + tokens);
        var choice = BackendChoice.Of(this, BackendKind.Host);
        MemoryEstimate.ForEvaluation(config, null, 1, config.Context, choice.Size).Require();
        double readable = choice.Kind == BackendKind.Host ? ReadBandwidth.Measure(choice.Threads) : double.NaN;
        using var backend = choice.Open();
        double[] milliseconds = new double[tokens];
        long allocated = Time(config, backend, prompt, milliseconds);
        double median = Stopwatches.Median(milliseconds);
        long weights = BytesRead(config, choice.RealBytes);
        double rate = weights / median * 1e3;
        context.Out.WriteLine(JsonText.Line(new
        {
            peer = "loracollab",
            L = config.Layers,
            H = config.Heads,
            C = config.Channels,
            V = config.Vocabulary,
            prompt,
            tokens,
            threads = choice.Threads,
            token_ms = Math.Round(median, 3),
            tok_s = Math.Round(1e3 / median, 1),
            weight_bytes = weights,
            gb_s = Math.Round(rate / 1e9, 2),
            read_gb_s = double.IsNaN(readable) ? (double?)null : Math.Round(readable / 1e9, 2),
            read_share = double.IsNaN(readable) ? (double?)null : Math.Round(rate / readable, 3),
            peak_rss_mb = Stopwatches.PeakMegabytes(),
            allocated_bytes = allocated,
            backend = backend.Description,
        }));
        return ExitCode.Success;
    }

    /// <summary>Times every token after the first two; returns the bytes that were allocated meanwhile, over all threads.</summary>
    private static long Time(GptConfig config, ComputeBackend backend, int prompt, double[] milliseconds)
    {
        using var model = GptModel.Frozen(backend, new RandomWeights(config, BenchPlan.Seed));
        using var generator = new Generator(model, backend);
        int[] ids = [.. Enumerable.Range(0, prompt).Select(i => i % config.Vocabulary)];
        using var drawn = generator.Generate(ids, new GenerationOptions { MaxTokens = WarmUp + milliseconds.Length, Temperature = 0 }).GetEnumerator();
        for (int i = 0; i < WarmUp; i++) drawn.MoveNext();
        Action<int> next = _ => drawn.MoveNext();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Stopwatches.Time(milliseconds, next);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    /// <summary>Every parameter but the tables of which a token reads one row: the positions, and the tokens where the classifier is another table.</summary>
    private static long BytesRead(GptConfig config, int realBytes)
    {
        long tables = (long)config.Context * config.Channels + (config.TiedHead ? 0 : (long)config.Vocabulary * config.Channels);
        return (config.Layout().Length - tables) * realBytes;
    }
}
