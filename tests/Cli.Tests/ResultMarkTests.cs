using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>What stands below a result's table: privacy, and text that the model has seen before.</summary>
public sealed class ResultMarkTests : IDisposable
{
    private readonly SmallModel model = new();

    public ResultMarkTests() => model.Texts();

    public void Dispose() => model.Dispose();

    private string[] Collab(params string[] more) =>
    [
        "collab", "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference", "--threads", "1", "--clients", "2",
        "--sequence-length", "16", "--batch-size", "2", "--iterations", "4", "--schemes", "local,fedavg",
        "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200", "--out", model.At("run"), .. more,
    ];

    [Fact]
    public void Collab_WithPretrainingText_MarksTheResultAndNothingElse()
    {
        var run = CliRun.Of(Collab("--pretraining-text", model.At("texts", "cats.txt")));
        Assert.True(run.ExitCode == 0, run.Error);
        // One of the two clients holds lines of cats.txt, the other none.
        Assert.Contains("† Seen in pretraining: 50.0 % of a client's documents (at most 100.0 %) have 13 words in a row in common with cats, "
            + "and 50.0 % of such runs.", run.Out, StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(File.ReadAllText(model.At("run", "summary.json")));
        Assert.Equal([1, 0], summary.RootElement.GetProperty("pretraining_overlap").GetProperty("clients")
            .EnumerateArray().Select(c => c.GetProperty("documents").GetDouble()));
        string page = Report(model.At("run"));
        Assert.Contains("2 clients, seed 1 †\n", page, StringComparison.Ordinal);
        Assert.Contains("\n† Seen in pretraining: 50.0 % of a client's documents", page, StringComparison.Ordinal);
        string again = CliRun.Of(Collab()).Out;
        Assert.Contains("holds the result of this very run", again, StringComparison.Ordinal);
        string nothing = CliRun.Of(Collab("--pretraining-text", model.File("other.txt", "another text\n"))).Out;
        Assert.Contains("No client's document has 13 words in a row in common with the pretraining text other.", nothing, StringComparison.Ordinal);
        Assert.DoesNotContain('†', nothing);
        CliRun.Refused(["none.txt"], Collab("--pretraining-text", "none.txt"));
    }

    [Fact]
    public void Experiment_OfSeenTextAndNoise_SaysBothInTableAndReport()
    {
        string[] options = [.. Collab("--pretraining-text", model.At("texts", "cats.txt"), "--dp-clip", "0.5", "--dp-noise", "2")[1..]
            .Where(a => a != "--out" && a != model.At("run"))];
        var run = CliRun.Of(["sweep", "--over", "rank", "--values", "1", "--seeds", "1", "--out", model.At("swept"), "--quiet", "--no-report", .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        string page = Report(model.At("swept"));
        foreach (string text in new[] { run.Out, page })
            foreach (string part in new[] { "† Seen in pretraining: 50.0 %", "for a client's 4 uploads under one scheme" })
                Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Contains("specific †\n", page, StringComparison.Ordinal);
    }

    private static string Report(string folder)
    {
        var run = CliRun.Of("report", "--run", folder);
        Assert.True(run.ExitCode == 0, run.Error);
        return File.ReadAllText(Path.Combine(folder, "report.md"));
    }

    [Fact]
    public void Collab_WithNoise_StatesEpsilonAndWhatItCovers()
    {
        var run = CliRun.Of(Collab("--dp-clip", "0.5", "--dp-noise", "2", "--upload", "float16"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("uploads   float16; changes clipped to norm 0.5, noise 2 times that", run.Out, StringComparison.Ordinal);
        Assert.Contains("at δ = 1e-5 for a client's 4 uploads under one scheme", run.Out, StringComparison.Ordinal);
        // Four releases of σ = 2 are one of σ = 1: between the exact 4.38 at δ = 1e-5 and Mironov's own 1/2 + √(2·ln 1e5) = 5.30.
        using var summary = JsonDocument.Parse(File.ReadAllText(model.At("run", "summary.json")));
        var schemes = summary.RootElement.GetProperty("schemes");
        Assert.InRange(schemes.GetProperty("fedavg").GetProperty("privacy").GetProperty("epsilon").GetDouble(), 4.377, 5.299);
        Assert.False(schemes.GetProperty("local").TryGetProperty("privacy", out _));
        Assert.Contains("uploads under one scheme", Report(model.At("run")), StringComparison.Ordinal);
        CliRun.Refused(["--dp-noise"], Collab("--dp-clip", "0.5"));
        CliRun.Refused(["--upload 'zip'", "float16"], Collab("--upload", "zip"));
    }
}
