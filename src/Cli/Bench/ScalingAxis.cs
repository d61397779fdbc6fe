namespace LoraCollab.Cli.Bench;

/// <summary>One thing that grows while all else stays as it is.</summary>
/// <param name="Name">As --axes takes it.</param>
/// <param name="Title">What is measured.</param>
/// <param name="What">The same in a word: "round", "step".</param>
/// <param name="Unit">The name of the x axis.</param>
/// <param name="Time">The field of the command's line that holds the milliseconds.</param>
/// <param name="Sizes">From small to large.</param>
internal sealed record ScalingAxis(string Name, string Title, string What, string Unit, string Time, IReadOnlyList<ScalingAxis.Size> Sizes)
{
    /// <summary>One size and the command that runs it.</summary>
    public sealed record Size(double X, string Label, string[] Command);

    private static readonly string[] s_small = ["--layers", "4", "--heads", "4", "--embd", "128", "--vocab", "1024"];

    /// <summary>All axes; short ones, for a look or a test, where <paramref name="quick"/>.</summary>
    public static IReadOnlyList<ScalingAxis> All(bool quick)
    {
        string steps = quick ? "1" : "10";
        return
        [
            new("clients", $"a round of the small model, local steps: {steps}, of 8 × 64 tokens; trust: none", "round", "clients", "round_ms",
                Grown("--clients", quick ? [1, 2] : [1, 2, 4, 8, 16, 32, 64],
                    ["bench", "round", .. s_small, "--batch-size", "8", "--sequence-length", "64", "--trust", "none", "--iterations", steps])),
            new("sequence", "a step of the small model on one sequence, adapters on all layers", "step", "tokens a sequence", "train_ms",
                Grown("--sequence-length", quick ? [16, 32] : [64, 128, 256, 512, 1024],
                    ["bench", "step", .. s_small, "--batch-size", "1", "--targets", "all", "--iterations", steps])),
            new("rank", "a step of the small model, 8 × 64 tokens, adapters on all layers", "step", "rank", "train_ms",
                Grown("--rank", quick ? [1, 2] : [1, 2, 4, 8, 16, 32, 64],
                    ["bench", "step", .. s_small, "--batch-size", "8", "--sequence-length", "64", "--targets", "all", "--iterations", steps])),
            new("model", "a step on one sequence of 64 tokens, rank 4 on all layers", "step", "parameters", "train_ms",
                [.. Models(quick).Select(m => OfModel(m, steps))]),
        ];
    }

    private static IReadOnlyList<Size> Grown(string option, int[] values, string[] command) =>
        [.. values.Select(v => new Size(v, $"{v}", [.. command, option, $"{v}"]))];

    /// <summary>"mini" and "small" have no public weights; "small" has the sizes of the model that ships with the program.</summary>
    private static IEnumerable<(string Name, GptConfig Config)> Models(bool quick)
    {
        yield return ("mini", new GptConfig(2, 2, 32, 512, 64));
        yield return ("small", GptConfig.Preset("tiny"));
        if (quick) yield break;
        yield return ("gpt2", GptConfig.Preset("gpt2"));
        yield return ("gpt2-medium", GptConfig.Preset("gpt2-medium"));
    }

    private static Size OfModel((string Name, GptConfig Config) model, string steps)
    {
        var c = model.Config;
        long parameters = c.Layout().Length;
        string count = parameters < 100_000 ? $"{Math.Round(parameters / 1e3)}k" : $"{Math.Round(parameters / 1e6)}M";
        return new Size(parameters, $"{model.Name} {count}",
            ["bench", "step", "--layers", $"{c.Layers}", "--heads", $"{c.Heads}", "--embd", $"{c.Channels}", "--vocab", $"{c.Vocabulary}",
             "--batch-size", "1", "--sequence-length", "64", "--iterations", steps]);
    }
}
