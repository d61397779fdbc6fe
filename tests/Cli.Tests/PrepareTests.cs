namespace LoraCollab.Cli.Tests;

public class PrepareTests
{
    [Fact]
    public void Prepare_OwnCategories_WritesTokensAndManifest()
    {
        using var folder = new TemporaryFolder();
        foreach (string category in new[] { "a", "b" })
            folder.File($"texts/{category}.txt", string.Concat(Enumerable.Range(0, 200).Select(i => $"{category} says number {i} to everyone\n")));
        CliRun.Of("train-tokenizer", "--data", folder.At("texts"), "--vocab", "300", "--out", folder.At("t"));
        string[] args = ["prepare", "--data", folder.At("texts"), "--tokenizer", folder.At("t"), "--clients", "2", "--train-tokens", "200", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "100", "--out", folder.At("out")];
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(File.Exists(folder.At("out", "manifest.json")));
        Assert.True(File.Exists(folder.At("out", "client_1.train.tokens")));
        CliRun.Refused(["more clients than the data can feed"], [.. args.Where(a => a != "2").Select(a => a == "--clients" ? "--clients=300" : a)]);
        CliRun.Refused(["distribution", "specific"], [.. args, "--distribution", "specifik"]);
    }
}
