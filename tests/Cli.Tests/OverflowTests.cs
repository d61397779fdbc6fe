using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>A model whose weights are finite and whose numbers overflow: every command that computes with it names the op, and no JSON breaks.</summary>
public sealed class OverflowTests : IDisposable
{
    private const string Sentence = "the cat sat";

    private readonly SmallModel model = new();

    public void Dispose() => model.Dispose();

    /// <summary>Fills a tensor of the model with numbers that float32 can hold, but not their sums.</summary>
    private void Overflow(string tensor)
    {
        string file = Path.Combine(model.Folder, "model.safetensors");
        var (old, changed) = (TensorBag.Load(file), new TensorBag());
        foreach (string name in old.Names)
        {
            float[] values = old.Floats(name);
            if (name.EndsWith(tensor, StringComparison.Ordinal)) Array.Fill(values, 3e38f);
            changed.Add(name, old.Shape(name), values);
        }
        changed.Save(file);
    }

    private string[] Args(string verb, params string[] more) => [verb, "--model", model.Folder, "--backend", "host", "--threads", "1", .. more];

    private string[] OnText(string verb, params string[] more) => Args(verb, ["--data", model.Text, "--sequence-length", "16", .. more]);

    private static CliRun Fails(string[] args, params string[] expected)
    {
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 1, $"expected exit code 1, found {run.ExitCode}: {run.Error}");
        run.AssertShort();
        foreach (string part in expected) Assert.Contains(part, run.Error, StringComparison.Ordinal);
        return run;
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--quiet")]
    public void Commands_OnAModelThatOverflows_NameTheFirstOp(string form)
    {
        const string Place = "the first bad tensor is what layernorm in h.0.ln_1 wrote";
        Overflow("wte.weight");
        foreach (string[] args in new string[][]
        {
            OnText("train", "--iterations", "3", "--watch", "1", "--out", model.At("adapter")),
            OnText("eval"),
            Args("inspect logits", "--text", Sentence),
        })
            Assert.Equal("", Fails([.. args, form], Place).Out);
    }

    [Fact]
    public void Generate_OnAModelThatOverflows_NamesTheFirstOpAndWritesNoToken()
    {
        Overflow("wte.weight");
        var run = Fails(Args("generate", "--prompt", Sentence, "--length", "4"), "the first bad tensor is what layernorm in h.0.ln_1 wrote");
        Assert.DoesNotContain("!", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Attention_OfAModelThatOverflows_NamesModelLayerAndOp()
    {
        Overflow("wte.weight");
        foreach (string form in new[] { "--json", "--quiet" })
            Assert.Equal("", Fails(Args("inspect attention", "--text", Sentence, form),
                "base: the attention of layer 0", "what layernorm in h.0.ln_1 wrote").Out);
    }

    [Fact]
    public void Gradients_OfAModelThatOverflows_AreAVerdictThatNamesThePlace()
    {
        const string Verdict = "FAULT, not finite: the loss is NaN: the first bad tensor is what layernorm in h.0.ln_1 wrote";
        Overflow("wte.weight");
        foreach (string[] args in new string[][] { OnText("inspect gradients"), OnText("inspect why", "h.0.attn.c_attn.lora_B") })
        {
            Assert.Contains($"verdict: {Verdict}", CliRun.Of([.. args, "--quiet"]).Out, StringComparison.Ordinal);
            var run = CliRun.Of([.. args, "--json"]);
            Assert.Equal((1, ""), (run.ExitCode, run.Error));
            using var json = JsonDocument.Parse(run.Out);
            var root = json.RootElement;
            var found = root.TryGetProperty("findings", out var all) ? Assert.Single(all.EnumerateArray()) : root.GetProperty("first");
            Assert.Equal(("nonfinite", "h.0.ln_1"), (found.GetProperty("kind").GetString(), found.GetProperty("tensor").GetString()));
            Assert.True(root.GetProperty("fault").GetBoolean());
        }
    }

    [Fact]
    public void Train_WhoseLastStepRuinsTheAdapter_FailsAtTheEvaluationAfterIt()
    {
        var run = Fails(OnText("train", "--iterations", "1", "--lr", "1e30", "--out", model.At("adapter")),
            "an evaluation after 1 steps", "what lora in h.0.attn.c_attn wrote");
        Assert.Contains("a smaller learning rate may help", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(model.At("adapter"), "summary.json")));
    }

    [Fact]
    public void Pretrain_WhoseLastStepRuinsTheModel_FailsAtTheEvaluationAfterIt() =>
        Fails([.. model.Pretrain(model.At("ruined"), "1", "--lr", "1e30", "--warmup", "0", "--weight-decay", "0").Select(a => a == "reference" ? "host" : a)],
            "an evaluation after 1 steps", "first bad tensor");

    [Fact]
    public void Json_OfNumbersThatAreNotFinite_IsNull()
    {
        string line = JsonText.Line(new { a = double.NaN, b = float.NegativeInfinity, c = (double?)double.PositiveInfinity, d = new[] { 0.5, double.NaN } });
        using var json = JsonDocument.Parse(line);
        Assert.Equal("""{"a":null,"b":null,"c":null,"d":[0.5,null]}""", line);
        foreach (string text in new[] { JsonText.SnakeLine(new { X = double.NaN }), JsonText.File(new { X = float.NaN }) })
            Assert.Contains("null", text, StringComparison.Ordinal);
    }
}
