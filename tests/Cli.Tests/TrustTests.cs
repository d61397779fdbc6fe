using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public class TrustTests
{
    private static string[] Args(string scheme, string form, params string[] more) =>
    [
        "trust", "--model", Shared.Path("golden", "tiny", "model"), "--adapters",
        .. Enumerable.Range(0, 4).Select(i => Shared.Path("golden", "tiny", "trust", $"client_{i}")),
        "--data", Shared.Path("golden", "tiny", "trust", "data.safetensors"), "--scheme", scheme, "--form", form, "--backend", "reference", .. more,
    ];

    [Theory]
    [InlineData("weights", "rowwise", "weights.rowwise.trust", "1", "100")]
    [InlineData("weights", "update", "weights.update.trust_tau0.5", "0.5", "100")]
    [InlineData("validation", "perplexity", "validation.trust", "1", "100")]
    [InlineData("validation", "loss", "validation.loss_trust_tau0.5", "0.5", "100")]
    [InlineData("prediction", "l1-all", "prediction.trust", "1", "100")]
    [InlineData("prediction", "l1-last", "prediction.last.trust", "1", "100")]
    [InlineData("prediction", "js", "prediction.js_top16.trust_tau0.5", "0.5", "16")]
    public void Trust_OfGoldenAdapters_IsTheExpectedMatrix(string scheme, string form, string name, string temperature, string k)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        using var folder = new TemporaryFolder();
        var run = CliRun.Of(Args(scheme, form, "--temperature", temperature, "--prediction-k", k, "--out", folder.At("trust.json")));
        Assert.True(run.ExitCode == 0, run.Error);
        var expected = TensorBag.Load(Shared.Path("golden", "tiny", "trust", "expected.safetensors"));
        using var json = JsonDocument.Parse(File.ReadAllText(folder.At("trust.json")));
        float[] found = [.. json.RootElement.GetProperty("trust").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(x => x.GetSingle())];
        float[] wanted = expected.Floats(name);
        Assert.All(wanted.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 2e-4f));
    }

    [Fact]
    public void Trust_WrongInput_IsRefusedByName()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        CliRun.Refused(["karma"], Args("karma", "js"));
        CliRun.Refused(["--form js"], Args("weights", "js"));
        CliRun.Refused(["--temperature '0'"], Args("weights", "flat", "--temperature", "0"));
        CliRun.Refused(["--prediction-k '0'"], Args("prediction", "js", "--prediction-k", "0"));
        CliRun.Refused(["attention"],
            [.. Args("weights", "flat").Select(a => a.Replace("tiny/trust/client_2", "attention/trust/client_2", StringComparison.Ordinal))]);
    }
}
