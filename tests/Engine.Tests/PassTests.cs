namespace LoraCollab.Engine.Tests;

/// <summary>Which ops a pass runs: the base is never differentiated for an adapter, and the way back stops at the lowest one.</summary>
public class PassTests
{
    [Fact]
    public void Gradient_OfAnAdapter_RunsNoGradientOfTheBase()
    {
        var ops = OpsOf(LoraTargets.All);
        Assert.DoesNotContain(ops, op => op.EndsWith("matmul_backward_weight") || op.EndsWith("bias_backward") || op.EndsWith("embedding_backward"));
        Assert.Equal(8, ops.Count(op => op.EndsWith("lora_backward")));
    }

    [Theory]
    [InlineData(LoraTargets.All, "h.0.attn.c_attn/lora_backward")]
    [InlineData(LoraTargets.AttnCAttn | LoraTargets.MlpCProj, "h.0.attn.c_attn/lora_backward")]
    [InlineData(LoraTargets.AttnCProj, "h.0.attn.c_proj/lora_backward")]
    [InlineData(LoraTargets.MlpCFc, "h.0.mlp.c_fc/lora_backward")]
    [InlineData(LoraTargets.MlpCProj, "h.0.mlp.c_proj/lora_backward")]
    public void Gradient_OfAnAdapter_EndsAtTheLowestTarget(LoraTargets targets, string last)
    {
        var ops = OpsOf(targets);
        Assert.Equal(last, ops[^1]);
        Assert.DoesNotContain(last.Replace("lora_backward", "matmul_backward_input"), ops);
    }

    [Fact]
    public void Evaluate_OneBlock_IsTheListOfTheJourney() => Assert.Equal(
    [
        "embed/embedding",
        "h.0.ln_1/layernorm", "h.0.attn.c_attn/matmul", "h.0.attn/attention", "h.0.attn.c_proj/matmul", "h.0.attn/add_dropout",
        "h.0.ln_2/layernorm", "h.0.mlp.c_fc/matmul", "h.0.mlp/gelu", "h.0.mlp.c_proj/matmul", "h.0.mlp/add_dropout",
        "ln_f/layernorm", "lm_head/classifier",
    ], Ops(SmallModel.Tiny with { Layers = 1 }, PassKind.Forward, null, (pass, _) => pass.Evaluate([1, 2, 3, 4], [2, 3, 4, 5], 1, null)));

    [Fact]
    public void Gradient_CalledTwice_AddsUp()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.ForTraining(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Full);
        pass.Gradient([1, 2, 3, 4], [2, 3, 4, 5], 1, null, DropoutDraw.None, scale: 0.5);
        var half = Tolerance.Widen(Golden.Read(backend, model.Gradient));
        pass.Gradient([1, 2, 3, 4], [2, 3, 4, 5], 1, null, DropoutDraw.None, scale: 1);
        Tolerance.AssertClose("gradient", half.Select(g => 3 * g).ToArray(), Tolerance.Widen(Golden.Read(backend, model.Gradient)), 1e-6);
    }

    [Fact]
    public void Gradient_FormsThatDoNotFit_AreRefused()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        var attention = new LoraOptions { Rank = 2 };
        using var forward = new GptPass(model, backend, 1, 4, PassKind.Forward, attention);
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Lora, attention);
        using var fixedAdapter = new LoraAdapter(backend, model.Config, attention, trainable: false);
        using var wider = new LoraAdapter(backend, model.Config, attention with { Rank = 3 }, trainable: true);
        Assert.Throws<InvalidOperationException>(() => forward.Gradient([1, 2], [2, 3], 1, fixedAdapter, DropoutDraw.None));
        Assert.Throws<InvalidOperationException>(() => pass.Gradient([1, 2], [2, 3], 1, null, DropoutDraw.None));
        Assert.Throws<ArgumentException>(() => pass.Gradient([1, 2], [2, 3], 1, fixedAdapter, DropoutDraw.None));
        Assert.Throws<ArgumentException>(() => pass.Evaluate([1, 2], [2, 3], 1, wider));
        Assert.Throws<ArgumentException>(() => pass.Evaluate([1, 2, 3], [2, 3, 4], 2, null));
        Assert.Throws<ArgumentException>(() => new GptPass(model, backend, 1, 4, PassKind.Full));
    }

    private static List<string> OpsOf(LoraTargets targets)
    {
        var lora = new LoraOptions { Rank = 2, Targets = targets };
        return Ops(SmallModel.Tiny, PassKind.Lora, lora, (pass, adapter) => pass.Gradient([1, 2, 3, 4], [2, 3, 4, 5], 1, adapter, DropoutDraw.None));
    }

    private static List<string> Ops(GptConfig config, PassKind kind, LoraOptions? lora, Action<GptPass, LoraAdapter?> run)
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(config));
        using var pass = new GptPass(model, backend, 1, 4, kind, lora);
        using var adapter = lora is null ? null : new LoraAdapter(backend, config, lora, trainable: true);
        var names = new Names();
        backend.Observer = names;
        run(pass, adapter);
        return names.Seen;
    }

    private sealed class Names : IOpObserver
    {
        public List<string> Seen { get; } = [];

        public void Before(in OpCall call) => Seen.Add($"{call.Scope}/{call.Op}");

        public void After(in OpCall call) { }
    }
}
