namespace LoraCollab.Cli.Bench;

[Verb("bench generate", "Time generation beside what the memory can deliver, random weights, as one JSON line.")]
[Example("GPT-2 124M, 64 tokens", "--tokens 64")]
internal sealed class BenchGenerateCommand : BenchModelOptions
{
    /// <summary>Tokens that are drawn before the clock runs: the one after the prompt, and one that compiles the path of a single row.</summary>
    private const int WarmUp = 2;

    [Option("prompt-tokens", OptionGroup.Data, "Tokens that are read before the first is drawn.", Least = 1, Most = 1 << 20, Also = ["prompt"])]
    public int PromptTokens { get; init; } = 8;

    [Option("tokens", OptionGroup.Output, "Tokens that are timed.", Least = 1, Most = 1 << 20)]
    public int Tokens { get; init; } = 32;

    public override int Run(CommandContext context)
    {
        var (prompt, tokens) = (PromptTokens, Tokens);
        var config = Sizes(prompt + WarmUp + tokens);
        MemoryEstimate.ForEvaluation(config, null, 1, config.Context, Machine.Size).Require();
        double readable = Machine.Kind == BackendKind.Host ? ReadBandwidth.Measure(Machine.Threads) : double.NaN;
        using var backend = Machine.Open();
        double[] milliseconds = new double[tokens];
        long allocated = Time(config, backend, prompt, milliseconds);
        double median = Stopwatches.Median(milliseconds);
        long weights = BytesRead(config, Machine.RealBytes);
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
            threads = Machine.Threads,
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
