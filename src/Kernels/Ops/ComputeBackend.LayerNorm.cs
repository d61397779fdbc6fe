using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// y = (x − μ)·ρ·γ + β per row, with μ = mean(x), ρ = 1/√(var(x) + ε), var with divisor C (Ba et al., arXiv:1607.06450).
    /// Sizes: y, x [rows, C]; mean (μ), rstd (ρ) [rows], kept for the backward pass; gamma, beta [C]. 8·rows·C FLOPs.
    /// </summary>
    public void LayerNorm(View y, View mean, View rstd, View x, View gamma, View beta, int rows, int c, float epsilon)
    {
        RequireLayerNorm(mean, rstd, x, gamma, rows, c);
        RequireSize(y, (long)rows * c, nameof(y));
        RequireSize(beta, c, nameof(beta));
        RequireApart(y, x, nameof(y));
        var call = Begin("layernorm", 8L * rows * c, y,
            [new(nameof(y), y, Output, c), new(nameof(mean), mean, Output), new(nameof(rstd), rstd, Output), new(nameof(x), x, Input, c),
             new(nameof(gamma), gamma, Input), new(nameof(beta), beta, Input)]);
        LayerNormCore(y, mean, rstd, x, gamma, beta, rows, c, epsilon);
        End(call);
    }

    /// <summary>
    /// Backward of y = n·γ + β, n = (x − μ)·ρ. With g = dy·γ: dx += ρ·(g − mean(g) − n·mean(g·n)), added because x is the residual stream;
    /// dγ += Σ_m dy·n, dβ += Σ_m dy, m ascending, both empty where γ and β are frozen. 14·rows·C FLOPs for dx, 5·rows·C for dγ and dβ.
    /// </summary>
    public void LayerNormBackward(View dx, View dgamma, View dbeta, View dy, View x, View mean, View rstd, View gamma, int rows, int c)
    {
        RequireLayerNorm(mean, rstd, x, gamma, rows, c);
        RequireOptional(dx, (long)rows * c, nameof(dx));
        RequireSize(dy, (long)rows * c, nameof(dy));
        RequireOptional(dgamma, c, nameof(dgamma));
        RequireOptional(dbeta, c, nameof(dbeta));
        if (dgamma.IsEmpty != dbeta.IsEmpty) throw new ArgumentException("dgamma and dbeta are wanted together or not at all", nameof(dgamma));
        RequireApart(dx, dy, nameof(dx));
        RequireApart(dx, x, nameof(dx));
        var call = Begin("layernorm_backward", ((dx.IsEmpty ? 0 : 14L) + (dgamma.IsEmpty ? 0 : 5L)) * rows * c, dx.IsEmpty ? dgamma : dx,
            [new(nameof(dx), dx, Updated, c), new(nameof(dgamma), dgamma, Updated), new(nameof(dbeta), dbeta, Updated), new(nameof(dy), dy, Input, c),
             new(nameof(x), x, Input, c), new(nameof(mean), mean, Input), new(nameof(rstd), rstd, Input), new(nameof(gamma), gamma, Input)]);
        LayerNormBackwardCore(dx, dgamma, dbeta, dy, x, mean, rstd, gamma, rows, c);
        End(call);
    }

    private static void RequireLayerNorm(View mean, View rstd, View x, View gamma, int rows, int c)
    {
        RequirePositive(rows, nameof(rows));
        RequirePositive(c, nameof(c));
        RequireSize(x, (long)rows * c, nameof(x));
        RequireSize(mean, rows, nameof(mean));
        RequireSize(rstd, rows, nameof(rstd));
        RequireSize(gamma, c, nameof(gamma));
    }

    protected abstract void LayerNormCore(View y, View mean, View rstd, View x, View gamma, View beta, int rows, int c, float epsilon);
    protected abstract void LayerNormBackwardCore(View dx, View dgamma, View dbeta, View dy, View x, View mean, View rstd, View gamma, int rows, int c);
}
