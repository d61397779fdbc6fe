namespace LoraCollab.Cli.Tests;

public class PrepareTests
{
    private static readonly string[] s_small =
        ["--clients", "2", "--train-tokens", "200", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "100"];

    [Fact]
    public void Prepare_OwnCategories_WritesTokensAndManifest()
    {
        using var folder = new TemporaryFolder();
        foreach (string category in new[] { "a", "b" })
            folder.File($"texts/{category}.txt", string.Concat(Enumerable.Range(0, 200).Select(i => $"{category} says number {i} to everyone\n")));
        CliRun.Of("train-tokenizer", "--data", folder.At("texts"), "--vocab", "300", "--out", folder.At("t"));
        string[] args = ["prepare", "--data", folder.At("texts"), "--tokenizer", folder.At("t"), .. s_small, "--out", folder.At("out")];
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(File.Exists(folder.At("out", "manifest.json")));
        Assert.True(File.Exists(folder.At("out", "client_1.train.tokens")));
        CliRun.Refused(["more clients than the data can feed"], [.. args.Where(a => a != "2").Select(a => a == "--clients" ? "--clients=300" : a)]);
        CliRun.Refused(["distribution", "specific"], [.. args, "--distribution", "specifik"]);
        CliRun.Refused(["expected a folder, found a file"], [.. args[..^1], folder.File("in-the-way", "")]);
    }

    [Fact]
    public void Prepare_TooLittleText_SaysSo()
    {
        using var folder = new TemporaryFolder();
        CliRun.Refused(["too little text for 8 clients", "the data"],
            "prepare", "--data", folder.File("short.txt", "the cat sat on the mat"), "--out", folder.At("out"));
        Assert.False(Directory.Exists(folder.At("out")));
    }

    [Fact]
    public void JsonLines_WithFieldsOfOtherNames_AreReadByTheNamesGiven()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("posts.jsonl", string.Concat(Enumerable.Range(0, 400).Select(i =>
            $"{{\"body\": \"number {i} is said to everyone\", \"section\": \"{(i % 2 == 0 ? "even" : "odd")}\"}}\n")));
        string[] args = ["prepare", "--data", file, .. s_small, "--out", folder.At("out")];
        CliRun.Refused(["there is no field 'text'; the fields are body, section", "text field"], args);
        CliRun.Refused(["there is no field 'class'", "category field"], [.. args, "--text-field", "body", "--category-field", "class"]);
        var run = CliRun.Of([.. args, "--text-field", "body", "--category-field", "section"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("even 100 %", run.Out, StringComparison.Ordinal);
        Assert.Contains("odd 100 %", run.Out, StringComparison.Ordinal);
    }
}
