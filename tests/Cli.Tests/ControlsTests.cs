using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>The controlled experiments at reduced size, on the model and corpus that ship with the program.</summary>
public sealed class ControlsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string[] Controls(string seeds, params string[] more) =>
    [
        "controls", "--backend", "host", "--threads", "2", "--iterations", "3", "--batch-size", "1", "--trust-tokens", "65", "--report-tokens", "65",
        "--public-tokens", "520", "--seeds", seeds,
        "--out", folder.At("out"), .. more,
    ];

    private static JsonElement Json(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Out).RootElement;
    }

    [Fact]
    public void Controls_Clustered_TellsLossesClaimsTrustAndRegret()
    {
        var json = Json(CliRun.Of(Controls("1-2", "--schemes", "local,fedavg,validation", "--train-tokens", "130", "--optimal", "--json")));
        Assert.Equal(["base", "pooled_category", "pooled_all", "local", "fedavg", "validation"],
            json.GetProperty("losses").EnumerateObject().Select(l => l.Name));
        var claims = json.GetProperty("claims").EnumerateArray().ToDictionary(c => c.GetProperty("text").GetString()!);
        double[] local = [.. json.GetProperty("losses").GetProperty("local").EnumerateArray().Select(l => l.GetDouble())];
        double[] validation = [.. json.GetProperty("losses").GetProperty("validation").EnumerateArray().Select(l => l.GetDouble())];
        Assert.Equal(local.Zip(validation, (l, v) => v < l),
            claims["validation beats local"].GetProperty("holds").EnumerateArray().Select(h => h.GetBoolean()));
        Assert.Equal(validation.Average() - local.Average(), claims["validation beats local"].GetProperty("mean").GetDouble(), 1e-9);
        var trust = json.GetProperty("trust").EnumerateArray().ToArray();
        Assert.Equal(["fedavg", "validation"], trust.Select(t => t.GetProperty("scheme").GetString()));
        Assert.Equal(0.5, trust[0].GetProperty("auc").GetDouble());
        Assert.True(trust.All(t => t.GetProperty("regret").ValueKind == JsonValueKind.Number));
        Assert.Equal(2, File.ReadAllLines(folder.At("out", "seed-2", "replay", "optimal-last.jsonl")).Length);
    }

    [Theory]
    [InlineData("identical", "fedavg is no worse than local", "validation is within 1 % of fedavg's perplexity", "uniform")]
    [InlineData("different", "local is no worse than fedavg", "validation is within 1 % of local's perplexity", "Weather")]
    public void Controls_OtherKind_DealsItsDataAndClaimsWhoIsBest(string kind, string best, string near, string inManifest)
    {
        var run = CliRun.Of(Controls("1", "--kind", kind, "--schemes", "local,fedavg,validation", "--train-tokens", "130", "--quiet"));
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string part in new[] { best, near, "AUC" }) Assert.Contains(part, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("pooled category", run.Out, StringComparison.Ordinal);
        Assert.Contains(inManifest, File.ReadAllText(folder.At("out", "seed-1", "manifest.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Controls_Phase_DrawsAPlaceForEveryCell()
    {
        var json = Json(CliRun.Of(Controls("1", "--phase", "--phase-tokens", "260,130", "--phase-conflicts", "0,1", "--json")));
        var cells = json.GetProperty("cells").EnumerateArray().ToArray();
        Assert.Equal([(130, 0.0), (130, 1.0), (260, 0.0), (260, 1.0)],
            cells.Select(c => (c.GetProperty("train_tokens").GetInt32(), c.GetProperty("conflict").GetDouble())));
        foreach (var cell in cells)
        {
            double[] losses = [.. new[] { "local", "fedavg", "personalised" }.Select(n => cell.GetProperty(n).GetDouble()).Order()];
            Assert.Equal(losses[1] - losses[0], cell.GetProperty("margin").GetDouble(), 1e-12);
        }
        Assert.True(new FileInfo(folder.At("out", "phase.png")).Length > 10_000);
        Assert.Contains("conflict of the categories", File.ReadAllText(folder.At("out", "phase.svg")), StringComparison.Ordinal);
        Assert.True(File.Exists(folder.At("out", "phase.json")));
    }

    [Fact]
    public void Controls_WhatDoesNotFit_IsRefused()
    {
        CliRun.Refused(["did you mean identical"], Controls("1", "--kind", "identicall"));
        CliRun.Refused(["belong to --phase"], Controls("1", "--phase-tokens", "100"));
        CliRun.Refused(["--phase draws"], Controls("1", "--phase", "--optimal"));
        CliRun.Refused(["--phase-conflicts '2'"], Controls("1", "--phase", "--phase-conflicts", "2"));
        CliRun.Refused(["compares local, fedavg"], Controls("1", "--phase", "--phase-tokens", "130", "--phase-conflicts", "1", "--schemes", "local"));
    }

    public void Dispose() => folder.Dispose();
}
