namespace LoraCollab.Engine.Tests;

public sealed class GradientNormsTests
{
    [Theory]
    [InlineData(BackendKind.Reference)]
    [InlineData(BackendKind.Host)]
    public void Norms_OfAGradient_AreThoseOfItsTensors(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        var layout = new FlatLayout().Add("wte.weight", 2).Add("h.0.ln_1.bias", 1).Add("base_model.model.transformer.h.11.attn.c_attn.lora_A.weight", 2);
        var gradient = backend.Allocate("gradient", 5);
        backend.Write(gradient, (float[])[3, 4, -2, 0, 0]);
        using var norms = new GradientNorms(backend, layout);
        var found = norms.Of(backend, gradient);
        Assert.Equal([5.0, 2, 0], found.Select(n => n.Norm));
        Assert.Equal(["wte", "h.0", "h.11"], found.Select(n => n.Place));
        Assert.Equal(Math.Sqrt(29), TensorNorm.Of(found), 1e-12);
    }
}
