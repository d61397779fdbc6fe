namespace LoraCollab.Engine.Tests;

public sealed class GradientPathTests
{
    private static readonly LoraOptions Lora = new() { Rank = 2, Alpha = 4, Dropout = 0 };

    [Fact]
    public void Path_ToAFactor_IsTheListOfItsOps()
    {
        var path = GradientPath.Of(Report(), "h.0.attn.c_attn.lora_B");
        Assert.Equal(LoraLayout.NameOfB(0, Projection.AttnCAttn), path.Tensor);
        Assert.Equal(
        [
            "lm_head classifier_backward", "ln_f layernorm_backward",
            .. Block(1), "h.1.attn.c_attn lora_backward", "h.1.attn.c_attn + around", "h.1.attn.c_attn = sum",
            "h.1.ln_1 layernorm_backward", "h.1.ln_1 + around", "h.1.ln_1 = sum",
            .. Block(0).SkipLast(1), "h.0.attn.c_attn lora_backward",
        ], path.Rows.Select(r => $"{r.Scope} {r.Op}"));

        static string[] Block(int l) =>
        [
            $"h.{l}.mlp.c_proj matmul_backward_input", $"h.{l}.mlp gelu_backward", $"h.{l}.mlp.c_fc matmul_backward_input",
            $"h.{l}.ln_2 layernorm_backward", $"h.{l}.ln_2 + around", $"h.{l}.ln_2 = sum",
            $"h.{l}.attn.c_proj matmul_backward_input", $"h.{l}.attn.c_proj lora_backward", $"h.{l}.attn.c_proj + around", $"h.{l}.attn.c_proj = sum",
            $"h.{l}.attn attention_backward", $"h.{l}.attn.c_attn matmul_backward_input",
        ];
    }

    [Fact]
    public void Path_FromRowToRow_HandsOnTheNorm()
    {
        var report = Report();
        var path = GradientPath.Of(report, "h.0.attn.c_proj.lora_A.weight");
        Assert.Equal(1, path.Rows[0].In);
        Assert.Equal(report.Tensors.Single(t => t.ShortName == "h.0.attn.c_proj.lora_A").Gradient.Norm, path.Norm, 1e-12);
        GradientPathRow Row(string scope, string op) => path.Rows.Single(r => r.Scope == scope && r.Op == op);
        Assert.Equal(Row("h.1.ln_2", "= sum").Out, Row("h.1.attn.c_proj", "matmul_backward_input").In, 1e-12);
        Assert.Equal(Row("h.1.attn.c_proj", "= sum").Out, Row("h.1.attn", "attention_backward").In, 1e-12);
        Assert.Equal(Row("h.1.ln_1", "= sum").Out, Row("h.0.mlp.c_proj", "matmul_backward_input").In, 1e-12);
        Assert.Null(path.First);
    }

    [Fact]
    public void Path_ToATiedTable_HasBothWays()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.ForTraining(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Full);
        using var trainer = new FullTrainer(model, Training);
        var path = GradientPath.Of(GradientInspection.Of(new GradientSubject(trainer, pass), 1, 1e-3, SmallModel.Fixed(13)), "wte");
        var (head, embedded, around) = (path.Rows[0], path.Rows[^3], path.Rows[^2]);
        Assert.Equal(("classifier_backward", "wte.weight"), (head.Op, head.Tensor));
        Assert.Equal(("embedding_backward", "wte.weight"), (embedded.Op, embedded.Tensor));
        Assert.Equal(head.Out, around.Out, 1e-12);
    }

    [Theory]
    [InlineData("attention_backward", "h.1.attn", "dqkv", 0.0, GradientFault.Dead)]
    [InlineData("attention_backward", "h.1.attn", "dqkv", double.NaN, GradientFault.NonFinite)]
    [InlineData("gelu_backward", "h.0.mlp", "dx", 1e-9, GradientFault.Vanishing)]
    [InlineData("layernorm_backward", "h.0.ln_2", "dx", 1e9, GradientFault.Exploding)]
    public void Path_WithAPlantedFault_NamesItsOpFirst(string op, string scope, string operand, double factor, GradientFault fault)
    {
        var path = GradientPath.Of(Report((op, scope, operand, factor)), "h.0.attn.c_attn.lora_B");
        Assert.Equal(fault, path.First!.Fault);
        Assert.Contains($"{op} in {scope}", path.First.Text, StringComparison.Ordinal);
        Assert.Same(path.First, path.Rows.First(r => r.Finding is not null).Finding);
    }

    [Fact]
    public void Path_WithoutOpsAbove_KeepsTheOwnBlock()
    {
        var path = GradientPath.Of(Report(), "h.0.attn.c_attn.lora_B");
        var brief = path.WithoutOpsAbove();
        Assert.Equal(["h.1.ln_2", "h.1.ln_1"], brief.Rows.Where(r => r.Scope.StartsWith("h.1.", StringComparison.Ordinal)).Select(r => r.Scope));
        Assert.Equal(path.Rows.Count(r => r.Scope.StartsWith("h.0.", StringComparison.Ordinal)),
            brief.Rows.Count(r => r.Scope.StartsWith("h.0.", StringComparison.Ordinal)));
        Assert.Equal(path.Norm, brief.Norm);
    }

    [Fact]
    public void Path_ToWhatHasNoGradient_IsRefusedWithNames()
    {
        Assert.Contains("the base is frozen", Assert.Throws<UserException>(() => GradientPath.Of(Report(), "h.0.ln_1.weight")).Message);
        Assert.Contains("h.1.attn.c_proj.lora_B", Assert.Throws<UserException>(() => GradientPath.Of(Report(), "h.9.attn.c_proj.lora_B")).Message);
    }

    private static readonly TrainingOptions Training = new() { BatchSize = 1, SequenceLength = 4 };

    private static GradientReport Report((string Op, string Scope, string Operand, double Factor)? fault = null)
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Lora, Lora);
        using var trainer = new LoraTrainer(model, Lora, Training, client: 0);
        trainer.Adapter.Set(SmallModel.AdapterValues(model.Config, Lora));
        if (fault is { } f) backend.Observer = new PlantedFault(backend, f.Op, f.Scope, f.Operand, (_, v) => f.Factor * v);
        return GradientInspection.Of(new GradientSubject(trainer, pass, Trained: true), 1, 1e-3, SmallModel.Fixed(13));
    }
}
