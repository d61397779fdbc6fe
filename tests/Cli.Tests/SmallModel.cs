namespace LoraCollab.Cli.Tests;

/// <summary>A text and a tiny character model of it, made by the program itself: what commands that need a model are tested on.</summary>
internal sealed class SmallModel : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SmallModel()
    {
        Text = folder.File("text.txt", string.Concat(Enumerable.Range(0, 120).Select(i => $"the cat number {i} sat on mat {i * 7 % 13}.\n")));
        Folder = folder.At("model");
        var run = CliRun.Of(Pretrain(Folder, "3"));
        Assert.True(run.ExitCode == 0, run.Error);
    }

    public string Text { get; }

    /// <summary>The model's folder, with its tokenizer.</summary>
    public string Folder { get; }

    public string At(params string[] parts) => folder.At(parts);

    public string File(string name, string text) => folder.File(name, text);

    /// <summary>The command line that made the model.</summary>
    public string[] Pretrain(string output, string iterations, params string[] more) =>
    [
        "pretrain", "--data", Text, "--tokenizer", "chars", "--layers", "1", "--heads", "2", "--embd", "8", "--sequence-length", "16", "--batch-size", "2",
        "--iterations", iterations, "--backend", "reference", "--out", output, .. more,
    ];

    /// <summary>A command on this model with the reference backend.</summary>
    public string[] On(string verb, params string[] more) =>
        [verb, "--model", Folder, "--data", Text, "--backend", "reference", "--sequence-length", "16", .. more];

    /// <summary>A folder with two categories of short documents in the model's own characters.</summary>
    public string Texts()
    {
        foreach (var (category, animal) in new[] { ("cats", "cat"), ("dogs", "mat") })
            File($"texts/{category}.txt", string.Concat(Enumerable.Range(0, 150).Select(i => $"the {animal} number {i} sat on mat {i * 7 % 13}.\n")));
        return At("texts");
    }

    public void Dispose() => folder.Dispose();
}
