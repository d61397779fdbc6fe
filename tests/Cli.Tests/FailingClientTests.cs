using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>`collab` with clients that attack, are excluded or silent: plan, table, report and refusals.</summary>
public sealed class FailingClientTests : IDisposable
{
    private readonly SmallModel model = new();

    public FailingClientTests() => model.Texts();

    public void Dispose() => model.Dispose();

    private string[] Collab(params string[] more) =>
    [
        "collab", "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference", "--threads", "2", "--clients", "4",
        "--sequence-length", "16", "--batch-size", "2", "--iterations", "6", "--pretraining-rounds", "2", "--trust-freq", "2",
        "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200",
        "--schemes", "local,fedavg,median", "--out", model.At("run"), .. more,
    ];

    [Fact]
    public void Collab_ABadUpload_StopsAndNamesClientRoundAndFinding()
    {
        var run = CliRun.Of(Collab("--attack", "nan"));
        Assert.Equal(1, run.ExitCode);
        const string Says = "failed: scheme fedavg, round 1 (iteration 2), client 3: it sent NaN in base_model.model.transformer.h.0.";
        Assert.StartsWith(Says, run.Error, StringComparison.Ordinal);
        Assert.Contains("--on-bad-upload exclude", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Collab_Exclude_StarsTheSchemeBelowTheTableAndInTheReport()
    {
        var run = CliRun.Of(Collab("--attack", "scale:-100", "--on-bad-upload", "exclude", "--absent", "0.25", "--comparators", "pooled_all"));
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string part in new[]
        {
            "clients   1 of 4 silent in each round, drawn anew; the last one attacks (scale:-100)", "who sends a bad one is excluded", "fedavg **", "median **",
            "** fedavg without client 3 (", "times the round's median", "Not in any mean: client 3 (", "In every round 1 of 4 clients, drawn anew, are silent",
            "Who took no part in it has all trust in itself.",
        }) Assert.Contains(part, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("local **", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.Of(["report", "--run", model.At("run")]).ExitCode);
        string report = File.ReadAllText(model.At("run", "report.md"));
        foreach (string part in new[] { "fedavg **", "without client 3", "Who took part", "silent or excluded", "Not in any mean" })
            Assert.Contains(part, report, StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(File.ReadAllText(model.At("run", "summary.json")));
        foreach (var scheme in summary.RootElement.GetProperty("schemes").EnumerateObject())
        {
            var clients = scheme.Value.GetProperty("clients").EnumerateArray().ToArray();
            Assert.Equal(clients.Take(3).Average(c => c.GetProperty("loss").GetDouble()), scheme.Value.GetProperty("mean_loss").GetDouble());
            Assert.StartsWith("attacks (scale:-100)", clients[3].GetProperty("left_out").GetString(), StringComparison.Ordinal);
        }
        using var comparators = JsonDocument.Parse(File.ReadAllText(model.At("run", "comparators.json")));
        var pooled = comparators.RootElement.GetProperty("pooled_all");
        Assert.Equal(pooled.GetProperty("client_losses").EnumerateArray().Take(3).Average(l => l.GetDouble()), pooled.GetProperty("mean_loss").GetDouble());
    }

    [Fact]
    public void Collab_AttackersThatRuinThemselves_EndNoRunThatTrustsThemNot()
    {
        // Two clients of two categories: the oracle gives neither anything of the other.
        string[] args = Collab("--attack", "scale:1e30", "--upload-check", "off");
        args[Array.IndexOf(args, "--schemes") + 1] = "local,theoretical";
        args[Array.IndexOf(args, "--clients") + 1] = "2";
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("** theoretical without client 1", run.Out, StringComparison.Ordinal);
        Assert.Contains("its training failed", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.Of(["report", "--run", model.At("run")]).ExitCode);
        using var summary = JsonDocument.Parse(File.ReadAllText(model.At("run", "summary.json")));
        Assert.InRange(summary.RootElement.GetProperty("schemes").GetProperty("theoretical").GetProperty("mean_loss").GetDouble(), 0.1, 10);
    }

    [Fact]
    public void Collab_WhatIsDoneAnyway_IsTheSameRun()
    {
        Assert.Equal(0, CliRun.Of(Collab()).ExitCode);
        var again = CliRun.Of(Collab("--upload-check", "on", "--on-bad-upload", "stop", "--upload-norm", "10"));
        Assert.Contains("holds the result of this very run", again.Out, StringComparison.Ordinal);
        string config = File.ReadAllText(model.At("run", "config.json"));
        foreach (string key in new[] { "upload", "absent", "attack" }) Assert.DoesNotContain(key, config, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--upload-check no", "--upload-check", "expected on, off")]
    [InlineData("--on-bad-upload warn", "--on-bad-upload", "exclude")]
    [InlineData("--upload-norm 1", "--upload-norm '1'", "above 1")]
    [InlineData("--upload-norm NaN", "--upload-norm", "NaN")]
    [InlineData("--upload-check off --upload-norm 5", "--upload-norm 5", "the upload check is off")]
    [InlineData("--upload-check off --on-bad-upload exclude", "--on-bad-upload exclude", "the upload check is off")]
    [InlineData("--attack flood", "--attack 'flood'", "shifted-text")]
    [InlineData("--attackers 2", "--attackers 2", "nobody attacks")]
    [InlineData("--attack nan --attackers 4", "--attackers 4", "give at most 3")]
    [InlineData("--attack nan --attackers 0", "--attackers")]
    [InlineData("--absent 0.1", "--absent 0.1", "0 would be silent")]
    [InlineData("--absent 0.9", "--absent 0.9", "at least two take part")]
    [InlineData("--absent 1.5", "--absent")]
    public void Collab_AnOptionThatMakesNoRun_IsRefused(string options, params string[] says) => CliRun.Refused(says, Collab(options.Split(' ')));
}
