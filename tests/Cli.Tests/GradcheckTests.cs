using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoraCollab.Cli.Tests;

public class GradcheckTests
{
    /// <summary>LayerNorm's gradient for the stream has the wrong sign.</summary>
    private sealed class WrongSign : ReferenceBackend
    {
        protected override void LayerNormBackwardCore(
            View dx, View dgamma, View dbeta, View dy, View x, View mean, View rstd, View gamma, int rows, int c)
        {
            if (!dx.IsEmpty) ScaleCore(dx, -1);
            base.LayerNormBackwardCore(dx, dgamma, dbeta, dy, x, mean, rstd, gamma, rows, c);
            if (!dx.IsEmpty) ScaleCore(dx, -1); // −(−dx + g) = dx − g
        }
    }

    [Fact]
    public void Gradcheck_OfAWrongSign_NamesOpOperandAndWorstElementAndNothingElse()
    {
        using var backend = new WrongSign();
        var found = OpCheck.Every(CaseSize.Tiny, backend, 3, seed: 1);
        string verdict = Assert.Single(found.Verdict);
        Assert.Matches(@"^FAILED layernorm_backward: the gradient of x in layernorm \S+.* is wrong; worst at \[\d+\]: found -?\d\.\d+e.\d\d, in double ",
            verdict);
        Assert.Equal(["layernorm_backward"], found.Checks.Where(c => !c.Passed).Select(c => c.Op).Distinct());
        Assert.Equal(["x"], found.Checks.Where(c => !c.Passed).Select(c => c.Tensor).Distinct());
        Assert.All(OpGradients.Ops.Where(op => op != "layernorm_backward"), op => Assert.Contains(found.Checks, c => c.Op == op && c.Passed));
    }

    [Fact]
    public void Gradcheck_OfEveryOp_HasALineForEachAndEndsWithOk()
    {
        var run = CliRun.Of("gradcheck", "--backend", "host", "--threads", "1", "--elements", "2");
        Assert.True(run.ExitCode == 0, run.Error);
        foreach (string op in OpGradients.Ops) Assert.Matches($@"(?m)^  {op} .* ok\s*$", run.Out);
        Assert.Matches(@"ok: \d+ gradients of [\d,]+ elements, [\d,]+ of them differenced\n$", run.Out);
    }

    public static TheoryData<string> Ops => [.. OpGradients.Ops];

    [Theory]
    [MemberData(nameof(Ops))]
    public void Gradcheck_OfAnyOp_BreaksNoNumberAndNoWord(string op)
    {
        var run = CliRun.Of("gradcheck", "--op", op, "--backend", "host", "--threads", "1", "--elements", "2", "--top", "3", "--quiet");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.DoesNotContain("…", run.Out, StringComparison.Ordinal);
        string[] lines = [.. run.Out.Split('\n').Select(l => l.TrimEnd())];
        string[] heads = ["gradient", "elements", "allowed", "differenced", "differences", "worst", "index", "backend", "error"];
        Assert.Empty(heads.Except(run.Out.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));
        // A row holds all that belongs to it: four numbers and a mark, or three or four numbers of full length.
        const string Power = @"\d\.\de[-+]\d\d", Digits = @"-?\d\.\d{7}e[-+]\d\d";
        int rows = lines.Count(l => Regex.IsMatch(l, $@" [\d,]+ +{Power} +{Power} +\d+ +{Power} +ok$"));
        Assert.EndsWith($"ok: {rows} gradients", string.Join(' ', lines[^2].Split(' ')[..3]), StringComparison.Ordinal);
        Assert.Equal(3, lines.Count(l => Regex.IsMatch(l, $@" {Digits} +{Digits} +({Digits} +)?{Power}$")));
        Assert.All(lines.SkipLast(3), l => Assert.True(l.Length <= Report.Terminal.PlainWidth, l));
    }

    [Fact]
    public void Gradcheck_OfOneCaseWithOut_WritesTheSweepAsPictureAndJson()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("gradcheck", "--op", "gelu Tanh 33", "--backend", "host", "--threads", "1", "--json", "--out", folder.At("gelu"));
        Assert.True(run.ExitCode == 0, run.Error);
        var sweep = JsonDocument.Parse(run.Out).RootElement.GetProperty("sweeps")[0].GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal((19, 0.1, 1e-10), (sweep.Length, sweep[0].GetProperty("h").GetDouble(), Math.Round(sweep[^1].GetProperty("h").GetDouble(), 15)));
        string[] files = [.. Directory.GetFiles(folder.At("gelu")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Equal(["gradcheck.json", "sweep.png", "sweep.svg"], files);
        PictureTests.AssertTitle(Path.Combine(folder.At("gelu"), "sweep.png"));
    }

    [Fact]
    public void Gradcheck_OfALayer_ChecksItsTensorsAlone()
    {
        var run = CliRun.Of("gradcheck", "--layer", "mlp", "--tensors", "h.1", "--elements", "2", "--threads", "1", "--backend", "host", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        string[] tensors = [.. JsonDocument.Parse(run.Out).RootElement.GetProperty("gradients").EnumerateArray()
            .Select(g => g.GetProperty("tensor").GetString()!)];
        Assert.Equal(["h.1.mlp.c_fc.weight", "h.1.mlp.c_fc.bias", "h.1.mlp.c_proj.weight", "h.1.mlp.c_proj.bias"], tensors);
    }

    [Theory]
    [InlineData("--op 'geluu': expected matmul_backward_input", "--op", "geluu")]
    [InlineData("--layers-of 'attentoin': expected embedding, norm, attention, mlp, adapter, all; did you mean attention?", "--layer", "attentoin")]
    [InlineData("--tensors xyz: no tensor of", "--layer", "mlp", "--tensors", "xyz")]
    [InlineData("--tensors chooses parameters of a model", "--tensors", "xyz")]
    [InlineData("--op goes with neither --layers-of nor --model", "--op", "gelu", "--layer", "mlp")]
    [InlineData("--size is the size of ops", "--size", "tiny", "--layer", "mlp")]
    [InlineData("--elements '0'", "--elements", "0")]
    public void Gradcheck_OfAMistake_IsRefused(string expected, params string[] args) => CliRun.Refused([expected], ["gradcheck", .. args]);
}
