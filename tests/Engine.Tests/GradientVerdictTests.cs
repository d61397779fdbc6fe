namespace LoraCollab.Engine.Tests;

/// <summary>Faults planted on purpose, found by the verdict with tensor, op and reason.</summary>
public sealed class GradientVerdictTests
{
    private const int Batch = 2, Length = 5;

    private static readonly LoraOptions Lora = new() { Rank = 2, Alpha = 4, Dropout = 0.1f };

    [Fact]
    public void Verdict_NewAdapter_IsHealthyInItsInitialState()
    {
        var findings = Findings(Lora, trained: false);
        var only = Assert.Single(findings);
        Assert.Equal(GradientFault.Initial, only.Fault);
        Assert.False(only.IsFault);
        Assert.Contains("lora_A", only.Tensor, StringComparison.Ordinal);
        Assert.StartsWith("healthy; B = 0", Assert.Single(GradientVerdict.Lines(findings)), StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_TrainedAdapter_IsHealthy() => Assert.Equal(["healthy"], GradientVerdict.Lines(Findings(Lora, trained: true)));

    [Fact]
    public void Verdict_AdapterWhoseBIsStillZeroAfterTraining_IsDead()
    {
        // The same zeros as in a new adapter, but in one that claims to be trained.
        var finding = Assert.Single(Findings(Lora, trained: true, change: (name, values) => { if (name.Contains("lora_B")) values.Clear(); }));
        Assert.Equal((GradientFault.Dead, LoraLayout.NameOfA(1, Projection.AttnCProj)), (finding.Fault, finding.Tensor));
        Assert.Contains("b is zero", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_ScaleZero_IsADeadB()
    {
        // The smallest double that is still an alpha: as the float that kernels get it is 0.
        var finding = Assert.Single(Findings(Lora with { Alpha = 1e-60 }, trained: false), f => f.IsFault);
        Assert.Equal((GradientFault.Dead, LoraLayout.NameOfB(1, Projection.AttnCProj)), (finding.Fault, finding.Tensor));
        Assert.Contains("and 3 more", finding.Text, StringComparison.Ordinal);
        Assert.Contains("the scale α/r is 0", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_MaskedRowsOfB_AreCounted()
    {
        // 24 outputs of rank 2: the first three are masked.
        var finding = Assert.Single(Findings(Lora, trained: true, ("lora_backward", "h.0.attn.c_attn", "db", (i, v) => i < 3 * 2 ? 0 : v)));
        Assert.Equal((GradientFault.Dead, LoraLayout.NameOfB(0, Projection.AttnCAttn)), (finding.Fault, finding.Tensor));
        Assert.Contains("3 of 24 rows", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attention_backward", "h.1.attn", "dqkv", "act.h.1.attn.c_attn")]
    [InlineData("gelu_backward", "h.0.mlp", "dx", "act.h.0.mlp.c_fc")]
    [InlineData("classifier_backward", "lm_head", "dx", "act.ln_f")]
    [InlineData("layernorm_backward", "ln_f", "dx", "act.h.1")]
    public void Verdict_ZeroedGradient_NamesWhereItBegan(string op, string scope, string operand, string tensor)
    {
        var finding = Assert.Single(Findings(Lora, trained: true, (op, scope, operand, (_, _) => 0)));
        Assert.Equal((GradientFault.Dead, tensor), (finding.Fault, finding.Tensor));
        Assert.Contains($"{op} in {scope}", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gelu_backward", "h.1.mlp", "dx", "act.h.1.mlp.c_fc")]
    [InlineData("attention_backward", "h.0.attn", "dqkv", "act.h.0.attn.c_attn")]
    [InlineData("layernorm_backward", "h.1.ln_1", "dx", "act.h.0")]
    public void Verdict_NaNInTheBackwardPass_NamesOnlyTheFirst(string op, string scope, string operand, string tensor)
    {
        var finding = Assert.Single(Findings(Lora, trained: true, (op, scope, operand, (i, v) => i == 3 ? double.NaN : v)));
        Assert.Equal((GradientFault.NonFinite, tensor), (finding.Fault, finding.Tensor));
        Assert.Contains($"has 1 elements that are NaN or infinite, made by {op} in {scope}", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_OverflowInTheForwardPass_NamesTheOp()
    {
        var weights = new Altered(new SmallModel(SmallModel.Tiny), "h.1.mlp.c_proj.weight", values => values.Fill(1e38f));
        var finding = Assert.Single(Findings(Lora, trained: true, weights: weights, kind: BackendKind.Host));
        Assert.Equal((GradientFault.NonFinite, "h.1.mlp.c_proj"), (finding.Fault, finding.Tensor));
        Assert.Contains("matmul in h.1.mlp.c_proj", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_NaNInAWeight_NamesTheWeight()
    {
        var weights = new Altered(new SmallModel(SmallModel.Tiny), "h.1.mlp.c_fc.weight", values => values[7] = float.NaN);
        var finding = Assert.Single(Findings(Lora, trained: true, weights: weights));
        Assert.Equal((GradientFault.NonFinite, "h.1.mlp.c_fc.weight"), (finding.Fault, finding.Tensor));
        Assert.Contains("element 7", finding.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-8, GradientFault.Vanishing)]
    [InlineData(1e8, GradientFault.Exploding)]
    public void Verdict_OpThatShrinksOrStretches_IsNamed(double factor, GradientFault fault)
    {
        var findings = Findings(Lora, trained: true, ("gelu_backward", "h.1.mlp", "dx", (_, v) => factor * v));
        Assert.Contains(findings, f => f.Fault == fault && f.Tensor == "act.h.1.mlp.c_fc" && f.Text.Contains("gelu_backward in h.1.mlp"));
    }

    [Fact]
    public void Verdict_StreamThatVanishes_NamesTheBlock()
    {
        var findings = Findings(Lora, trained: true, ("layernorm_backward", "h.1.ln_1", "dx", (_, v) => 1e-5 * v));
        var stream = Assert.Single(findings, f => f.Text.Contains("stream"));
        Assert.Equal((GradientFault.Vanishing, "act.h.0"), (stream.Fault, stream.Tensor));
        Assert.Contains("between act.h.1 and act.h.0", stream.Text, StringComparison.Ordinal);
        // What is below has little gradient, and the verdict names that too.
        Assert.Contains(findings, f => f.Fault == GradientFault.Vanishing && f.Tensor.Contains("h.0.attn.c_attn.lora_"));
    }

    [Fact]
    public void Verdict_OnTheHost_IsThatOfTheReference()
    {
        var finding = Assert.Single(Findings(Lora, trained: true, ("attention_backward", "h.1.attn", "dqkv", (_, _) => 0), kind: BackendKind.Host));
        Assert.Equal("act.h.1.attn.c_attn", finding.Tensor);
    }

    private delegate void AdapterChange(string name, Span<float> values);

    private static IReadOnlyList<GradientFinding> Findings(
        LoraOptions lora, bool trained, (string Op, string Scope, string Operand, Func<int, double, double> Change)? fault = null, AdapterChange? change = null,
        IWeights? weights = null, BackendKind kind = BackendKind.Reference)
    {
        var training = new TrainingOptions { BatchSize = Batch, SequenceLength = Length, Dropout = DropoutRates.Of(0, lora.Dropout), Seed = 2 };
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, weights ?? new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Lora, lora);
        using var trainer = new LoraTrainer(model, lora, training, client: 0);
        if (trained)
        {
            float[] values = SmallModel.AdapterValues(model.Config, lora);
            foreach (var entry in trainer.Adapter.Layout.Entries) change?.Invoke(entry.Name, trainer.Adapter.Layout.Of(values, entry.Name));
            trainer.Adapter.Set(values);
        }
        else trainer.Adapter.Initialise(LoraInitialisation.Inputs, 1, 0);
        if (fault is { } f) backend.Observer = new PlantedFault(backend, f.Op, f.Scope, f.Operand, f.Change);
        return GradientVerdict.Of(GradientInspection.Of(new GradientSubject(trainer, pass, trained), 2, 1e-3, SmallModel.Changing(13)));
    }
}
