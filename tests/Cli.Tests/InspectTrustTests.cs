using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class InspectTrustTests : IDisposable
{
    private readonly SmallModel model = new();

    public InspectTrustTests()
    {
        model.Texts();
        var run = CliRun.Of(
            "collab", "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference", "--threads", "1", "--clients", "4",
            "--sequence-length", "16", "--batch-size", "2", "--iterations", "4", "--pretraining-rounds", "2", "--trust-freq", "2",
            "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200", "--prediction-positions", "20",
            "--schemes", "fedavg,theoretical,weights,validation,prediction", "--out", model.At("run"));
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public void InspectTrust_OfARun_TakesEverySchemeApartAndTheSumsAreTheLoggedScores()
    {
        var run = CliRun.Of("inspect", "trust", "1", "2", "--run", model.At("run"), "--json", "--out", model.At("why"));
        Assert.True(run.ExitCode == 0, run.Error);
        var found = JsonDocument.Parse(run.Out).RootElement.EnumerateArray().ToArray();
        Assert.Equal(["theoretical", "weights", "validation", "prediction"], found.Select(f => f.GetProperty("scheme").GetString()));
        var logged = File.ReadAllLines(model.At("run", "trust.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        foreach (var f in found)
        {
            var line = logged.Last(l => l.GetProperty("scheme").GetString() == f.GetProperty("scheme").GetString());
            double score = line.GetProperty("scores")[1][2].GetDouble();
            Assert.Equal(score, f.GetProperty("score").GetDouble());
            Assert.Equal(score, f.GetProperty("sum").GetDouble(), 1e-9);
            Assert.Equal(score, f.GetProperty("parts").EnumerateArray().Sum(p => p.GetProperty("adds").GetDouble())
                + f.GetProperty("offset").GetDouble(), 1e-9);
            string scheme = f.GetProperty("scheme").GetString()!;
            PictureTests.AssertTitle(model.At("why", $"trust-{scheme}-1-2.png"));
            Assert.True(File.Exists(model.At("why", $"trust-{scheme}-1-2.svg")));
        }
        string window = found[2].GetProperty("parts")[0].GetProperty("text").GetString()!;
        Assert.Contains(window, File.ReadAllText(Path.Combine(model.At("texts"), "cats.txt"))
            + File.ReadAllText(Path.Combine(model.At("texts"), "dogs.txt")), StringComparison.Ordinal);
        Assert.True(File.Exists(model.At("why", "trust.json")));
    }

    [Fact]
    public void InspectTrust_OfOneRound_ShowsTheTopRowsAndTheRest()
    {
        var run = CliRun.Of("inspect", "trust", "0", "3", "--run", model.At("run"), "--scheme", "prediction", "--round", "1", "--top", "2");
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string part in new[] { "prediction, iteration 2 (round 1): client 0 (cats) gives client 3 (dogs) the weight", "18 more", "score",
            "tokens that move" })
            Assert.Contains(part, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("validation", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void InspectTrust_OfAMistake_IsRefused()
    {
        string at = model.At("run");
        CliRun.Refused(["give two clients"], "inspect", "trust", "--run", at);
        CliRun.Refused(["give two clients"], "inspect", "trust", "1", "--run", at);
        CliRun.Refused(["I 'one': expected a whole number"], "inspect", "trust", "one", "2", "--run", at);
        CliRun.Refused(["'3' belongs to no option"], "inspect", "trust", "1", "2", "3", "--run", at);
        CliRun.Refused(["client 9: this run has the clients 0 to 3"], "inspect", "trust", "1", "9", "--run", at);
        CliRun.Refused(["clients 1 and 1 are one"], "inspect", "trust", "1", "1", "--run", at);
        CliRun.Refused(["--run is required"], "inspect", "trust", "1", "2");
        CliRun.Refused(["fedavg has no explanation", "choose one of theoretical, weights, validation, prediction"], "inspect", "trust", "1", "2", "--run",
            at, "--scheme", "fedavg");
        CliRun.Refused(["--schemes 'nope': expected theoretical, weights, validation, prediction\n"],
            "inspect", "trust", "1", "2", "--run", at, "--scheme", "nope");
        CliRun.Refused(["--round 7: the scheme weights has the rounds 1 to 2"], "inspect", "trust", "1", "2", "--run", at, "--scheme", "weights",
            "--round", "7");
        Directory.Delete(model.At("run", "rounds", "weights"), recursive: true);
        CliRun.Refused(["--keep-rounds: ", "was not kept", "keep all"], "inspect", "trust", "1", "2", "--run", at, "--scheme", "weights");
    }

    public void Dispose() => model.Dispose();
}
