using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly SmallModel model = new();

    public ReplayTests()
    {
        model.Texts();
        var run = CliRun.Of(
            "collab", "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference", "--threads", "2", "--clients", "4",
            "--sequence-length", "16", "--batch-size", "2", "--iterations", "6",
            "--pretraining-rounds", "2", "--trust-freq", "2", "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100",
            "--public-tokens", "200",
            "--schemes", "local,fedavg,validation", "--out", model.At("run"));
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public void Replay_WithoutOptions_OpensTheRunAgainAndFindsTheSameBits()
    {
        var run = CliRun.Of("replay", "--run", model.At("run"));
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string part in new[] { "Trust of fedavg at each aggregation, the same bits", "Trust of validation at each aggregation, the same bits",
            "validation, iteration 6", "0 cats" })
            Assert.Contains(part, run.Out, StringComparison.Ordinal);
        string[] recorded = File.ReadAllLines(model.At("run", "trust.jsonl"));
        Assert.Equal(recorded,
            File.ReadAllLines(model.At("run", "replay", "fedavg.jsonl")).Concat(File.ReadAllLines(model.At("run", "replay", "validation.jsonl"))));
    }

    [Fact]
    public void Replay_AnotherSchemeOnRecordedAdapters_WritesItsOwnFile()
    {
        var run = CliRun.Of("replay", "--run", model.At("run"), "--scheme", "weights", "--on", "fedavg", "--topology", "ring", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        var first = json.RootElement[0].GetProperty("rounds")[0].GetProperty("weights");
        Assert.Equal((0.0, 4), (first[0][2].GetDouble(), first.GetArrayLength()));
        string file = json.RootElement[0].GetProperty("file").GetString()!;
        Assert.Matches("^weights-on-fedavg-[0-9a-f]{8}.jsonl$", Path.GetFileName(file));
        Assert.Equal(3, File.ReadAllLines(file).Length);
        Assert.Equal(0, CliRun.Of("replay", "--run", model.At("run"), "--scheme", "weights", "--on", "fedavg").ExitCode);
        Assert.Equal(3, File.ReadAllLines(model.At("run", "replay", "weights-on-fedavg.jsonl")).Length);
    }

    /// <summary>What would have been must neither replace what was nor be taken for it, and two questions are two files.</summary>
    [Fact]
    public void Replay_UnderOtherOptions_SaysWhichInAFileOfItsOwn()
    {
        string[] Validation(params string[] options) => ["replay", "--run", model.At("run"), "--scheme", "validation", .. options];
        // The run's own values are no other options.
        Assert.Equal(0, CliRun.Of(Validation("--topology", "full", "--temperature", "validation=0.05")).ExitCode);
        string own = model.At("run", "replay", "validation.jsonl"), faithful = File.ReadAllText(own);
        var run = CliRun.Of(Validation("--neighbours", "2", "--temperature", "validation=0.5", "--topology", "ring"));
        Assert.Contains("(under neighbours 2, temperature.validation 0.5, topology ring)", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.Of(Validation("--neighbours", "3")).ExitCode);
        Assert.Equal(faithful, File.ReadAllText(own));
        Assert.DoesNotContain("replayed_under", faithful, StringComparison.Ordinal);
        string[] others = [.. Directory.GetFiles(model.At("run", "replay"), "validation-*.jsonl").Select(File.ReadAllText)];
        Assert.Equal(2, others.Length);
        string other = Assert.Single(others, o => o.Contains("ring", StringComparison.Ordinal));
        Assert.All(other.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Contains(
                "\"replayed_under\":{\"neighbours\":2,\"temperature.validation\":0.5,\"topology\":\"ring\"}", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Replay_AfterLocal_IsWhatCollabHasWritten()
    {
        string file = model.At("run", "trust-after-local.jsonl"), written = File.ReadAllText(file);
        Assert.Equal(3, File.ReadAllLines(file).Length);
        Assert.Contains("after purely local training", CliRun.Of("replay", "--run", model.At("run"), "--after-local").Out, StringComparison.Ordinal);
        Assert.Equal(written, File.ReadAllText(file));
        Assert.Equal(0, CliRun.Of("replay", "--run", model.At("run"), "--after-local", "--temperature", "9").ExitCode);
        Assert.Equal(written, File.ReadAllText(file));
        string other = Directory.GetFiles(model.At("run", "replay"), "after-local-*.jsonl").Single();
        Assert.Contains("replayed_under", File.ReadAllText(other), StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_Optimal_ShowsRegretAndAucAndKeepsTheMatrices()
    {
        var run = CliRun.Of("replay", "--run", model.At("run"), "--optimal", "--last", "--quiet");
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string part in new[] { "regret", "AUC learned", "fedavg", "validation", "0.50" }) Assert.Contains(part, run.Out, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(model.At("run", "replay", "optimal.jsonl"));
        Assert.Equal(2, lines.Length);
        using var json = JsonDocument.Parse(lines[1]);
        Assert.Equal(("validation", 6, 4),
            (json.RootElement.GetProperty("scheme").GetString(), json.RootElement.GetProperty("iteration").GetInt32(),
            json.RootElement.GetProperty("learned").GetArrayLength()));
        CliRun.Refused(["--last belongs to --optimal"], "replay", "--run", model.At("run"), "--last");
        CliRun.Refused(["leave --on"], "replay", "--run", model.At("run"), "--optimal", "--on", "fedavg");
    }

    [Fact]
    public void Replay_WhatItCannotGoBackTo_IsRefused()
    {
        CliRun.Refused(["--run is required"], "replay");
        CliRun.Refused(["no such folder"], "replay", "--run", model.At("nothing"));
        CliRun.Refused(["the run had data of hash", "--data: "], "replay", "--run", model.At("run"), "--train-tokens", "200");
        CliRun.Refused(["did you mean fedavg"], "replay", "--run", model.At("run"), "--on", "fedavgg");
        CliRun.Refused(["choose one of fedavg, validation"], "replay", "--run", model.At("run"), "--scheme", "weights");
        Directory.Move(model.At("texts"), model.At("moved"));
        CliRun.Refused(["texts"], "replay", "--run", model.At("run"));
        Assert.Equal(0, CliRun.Of("replay", "--run", model.At("run"), "--data", model.At("moved")).ExitCode);
        Directory.Delete(model.At("run", "rounds", "fedavg"), recursive: true);
        CliRun.Refused(["--keep-rounds"], "replay", "--run", model.At("run"), "--data", model.At("moved"));
    }

    public void Dispose() => model.Dispose();
}
