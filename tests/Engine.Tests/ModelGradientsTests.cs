namespace LoraCollab.Engine.Tests;

public sealed class ModelGradientsTests
{
    /// <summary>Attention's gradient with the wrong sign.</summary>
    private sealed class WrongSign : ReferenceBackend
    {
        protected override void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout)
        {
            base.AttentionBackwardCore(dqkv, dy, qkv, y, lse, shape, dropout);
            ScaleCore(dqkv, -1);
        }
    }

    private static ModelGradients Of(ComputeBackend backend, LoraOptions? lora = null) =>
        new("small", new WideWeights(WideWeights.Smallest, seed: 5), backend, lora, batch: 2, length: 4, spacing: 1e-3, seed: 1);

    [Theory]
    [InlineData(BackendKind.Host, false)]
    [InlineData(BackendKind.Host, true)]
    [InlineData(BackendKind.Reference, false)]
    public void Check_OfEveryTensor_Passes(BackendKind kind, bool adapter)
    {
        using var backend = TestBackends.Create(kind);
        using var model = Of(backend, adapter ? new LoraOptions { Rank = 2, Alpha = 4, Targets = LoraTargets.All } : null);
        Assert.Equal(adapter ? 16 : 28, model.Tensors.Count);
        foreach (var tensor in model.Tensors)
        {
            var check = model.Check(tensor, 6);
            Assert.True(check.Passed, $"{tensor.Name}: {check.KernelError:E2}, {check.DifferenceError:E2}");
            Assert.Equal(Math.Min(6, tensor.Length), check.Sample.Length);
            Assert.Contains(check.Op, ModelGradients.Layers);
            Assert.Equal(adapter, check.Op == "adapter");
        }
    }

    /// <summary>Above the last block's attention all is right, at and below it the residual stream is wrong.</summary>
    [Fact]
    public void Check_OfAWrongSignInAttention_FailsFromTheLastAttentionOn()
    {
        using var backend = new WrongSign();
        using var model = Of(backend);
        var failed = model.Tensors.Where(t => !model.Check(t, 3).Passed).Select(t => t.Name).ToList();
        Assert.Equal("h.1.attn.c_attn.bias", failed[^1]);
        Assert.Contains("h.0.mlp.c_fc.weight", failed);
        Assert.DoesNotContain("h.1.attn.c_proj.weight", failed);
        Assert.DoesNotContain("h.1.mlp.c_fc.weight", failed);
    }

    [Fact]
    public void Sweep_OfAModel_HasItsLeastErrorBetweenTruncationAndRounding()
    {
        using var backend = TestBackends.Create(BackendKind.Host);
        using var model = Of(backend);
        var sweep = model.Sweep("mlp", [.. model.Tensors.Where(t => ModelGradients.LayerOf(t.Name) == "mlp")], 3);
        Assert.InRange(sweep.Best.Step, 1e-7, 1e-4);
        Assert.InRange(sweep.BestOwn!.Step, 1e-4, 3.3e-2);
        Assert.True(sweep.Best.Error < 1e-7 && sweep.BestOwn.Error < 1e-2);
    }
}
