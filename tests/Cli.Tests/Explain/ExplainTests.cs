using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public sealed class ExplainTests
{
    [Fact]
    public void Explain_WithoutAnOp_ListsThemALineEach()
    {
        string[] lines = CliRun.Of("explain", "--quiet").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, l => l.StartsWith("attention  ", StringComparison.Ordinal));
        Assert.Equal(16, lines.Length);
    }

    [Theory]
    [InlineData("layernorm")]
    [InlineData("layernorm_backward")]
    [InlineData("LayerNormBackward")]
    public void Explain_ByAnyOfItsNames_PrintsTheCard(string name)
    {
        var run = CliRun.Of("explain", name);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("dx += ρ·(g − mean(g) − n·mean(g·n))", run.Out, StringComparison.Ordinal);
        Assert.Contains("source    src/Kernels/Ops/ComputeBackend.LayerNorm.cs", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("DERIVATION", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-entropy", "classifier")]
    [InlineData("cross_entropy", "classifier")]
    [InlineData("CrossEntropy", "classifier")]
    [InlineData("softmax", "softmax")]
    [InlineData("layer_norm", "layernorm")]
    [InlineData("top-k", "classifier_top_k")]
    [InlineData("linear", "matmul")]
    [InlineData("AttentionTileKernel", "attention")]
    public void Explain_ByAWordOfTheField_ShowsTheOp(string word, string op)
    {
        var run = CliRun.Of("explain", word);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith($"{op}: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OfEveryKernelAndEverySectionOfWords_FindsAnOp()
    {
        Assert.All(KernelCode.Names, kernel => Assert.Equal(0, CliRun.Of("explain", kernel).ExitCode));
        Assert.Empty(Explain.FieldWords.Sections.Except(Explain.KernelPage.Sections.Select(s => s.Name)));
    }

    [Fact]
    public void Explain_InFull_IsTheSectionWithoutMarkdownInLinesThatFit()
    {
        foreach (string name in (string[])["matmul", "attention", "classifier", "adamw"])
        {
            var run = CliRun.Of("explain", name, "--full");
            Assert.Contains("IN NUMBERS", run.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("](", run.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("`", run.Out, StringComparison.Ordinal);
            string full = run.Out[run.Out.IndexOf("In the code", StringComparison.Ordinal)..];
            Assert.All(full.Split('\n'), line => Assert.True(line.Length <= 130, line));
        }
    }

    /// <summary>GPT-2, 4 sequences of 512: 2·B·NH·T·(T + 1)·HS FLOPs by hand, in each of 12 blocks.</summary>
    [Fact]
    public void Explain_ForAModel_CountsTheCallsOfATrainingStep()
    {
        var run = CliRun.Of("explain", "attention", "--model", "gpt2", "--batch-size", "4", "--sequence-length", "512", "--json");
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Out);
        var forward = json.RootElement.GetProperty("counted")[0].GetProperty("ops")[0];
        Assert.Equal(("attention", 12, 2L * 4 * 12 * 512 * 513 * 64),
            (forward.GetProperty("op").GetString(), forward.GetProperty("calls").GetInt32(), forward.GetProperty("flops").GetInt64()));
    }

    [Fact]
    public void Explain_OfOpsOutsideTraining_CountsThemWhereTheyAreCalled()
    {
        Assert.Contains("attention_cached   h.*.attn       4", CliRun.Of("explain", "attention_cached", "--batch-size", "1").Out, StringComparison.Ordinal);
        Assert.Contains("lm_head       1", CliRun.Of("explain", "classifier_top_k", "--batch-size", "1").Out, StringComparison.Ordinal);
        Assert.Contains("No training step", CliRun.Of("explain", "softmax", "--batch-size", "1").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("did you mean attention?", "explain", "atention")]
    [InlineData("there is no such op", "explain", "frobnicate")]
    [InlineData("'gelu' belongs to no option", "explain", "attention", "gelu")]
    [InlineData("say which op", "explain", "--full")]
    [InlineData("--sequence-length '4096'", "explain", "attention", "--sequence-length", "4096")]
    public void Explain_OfWhatIsNotThere_IsRefused(string expected, params string[] args) => CliRun.Refused([expected], args);
}
