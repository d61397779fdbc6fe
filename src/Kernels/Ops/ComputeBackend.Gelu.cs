using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>y = gelu(x), elementwise, in one of the two forms of <see cref="GeluForm"/>. Sizes: y, x [n]. About 16·n FLOPs.</summary>
    public void Gelu(View y, View x, long n, GeluForm form)
    {
        RequireSize(y, n, nameof(y));
        RequireSize(x, n, nameof(x));
        RequireApart(y, x, nameof(y));
        var call = Begin("gelu", 16 * n, y, [new(nameof(y), y, Output), new(nameof(x), x, Input)]);
        GeluCore(y, x, n, form);
        End(call);
    }

    /// <summary>
    /// dx = dy·gelu′(x). Tanh form, with t = tanh(u), u = √(2/π)(x + 0.044715x³): gelu′ = 0.5(1 + t) + 0.5x(1 − t²)·√(2/π)(1 + 0.134145x²).
    /// Erf form: gelu′ = Φ(x) + x·φ(x). dx may be dy itself. Sizes: dx, dy, x [n]. About 24·n FLOPs.
    /// </summary>
    public void GeluBackward(View dx, View dy, View x, long n, GeluForm form)
    {
        RequireSize(dx, n, nameof(dx));
        RequireSize(dy, n, nameof(dy));
        RequireSize(x, n, nameof(x));
        if (!dx.IsSameAs(dy)) RequireApart(dx, dy, nameof(dx));
        RequireApart(dx, x, nameof(dx));
        var call = Begin("gelu_backward", 24 * n, dx, [new(nameof(dx), dx, Output), new(nameof(dy), dy, Input), new(nameof(x), x, Input)]);
        GeluBackwardCore(dx, dy, x, n, form);
        End(call);
    }

    protected abstract void GeluCore(View y, View x, long n, GeluForm form);
    protected abstract void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form);
}

/// <summary>The two forms of GELU (arXiv:1606.08415).</summary>
public enum GeluForm
{
    /// <summary>0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))): <c>gelu_new</c>, GPT-2's own.</summary>
    Tanh,

    /// <summary>0.5·x·(1 + erf(x/√2)): <c>gelu</c>.</summary>
    Erf,
}
