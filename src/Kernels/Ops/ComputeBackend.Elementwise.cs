using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>y = value everywhere.</summary>
    public void Fill(View y, float value)
    {
        var call = Begin("fill", 0, y, [new(nameof(y), y, Output)]);
        FillCore(y, value);
        End(call);
    }

    /// <summary>y = x. Sizes: y, x [n].</summary>
    public void Copy(View y, View x)
    {
        RequireSize(y, x.Length, nameof(y));
        RequireApart(y, x, nameof(y));
        var call = Begin("copy", 0, y, [new(nameof(y), y, Output), new(nameof(x), x, Input)]);
        CopyCore(y, x);
        End(call);
    }

    /// <summary>y += factor·x. Sizes: y, x [n]. 2·n FLOPs.</summary>
    public void AddScaled(View y, View x, float factor)
    {
        RequireSize(y, x.Length, nameof(y));
        RequireApart(y, x, nameof(y));
        var call = Begin("add_scaled", 2 * x.Length, y, [new(nameof(y), y, Updated), new(nameof(x), x, Input)]);
        AddScaledCore(y, x, factor);
        End(call);
    }

    /// <summary>y *= factor. n FLOPs.</summary>
    public void Scale(View y, float factor)
    {
        var call = Begin("scale", y.Length, y, [new(nameof(y), y, Updated)]);
        ScaleCore(y, factor);
        End(call);
    }

    /// <summary>result[0] = Σ x², in an order that depends on the length alone. 2·n FLOPs.</summary>
    public void SquaredNorm(View result, View x)
    {
        RequireSize(result, 1, nameof(result));
        RequireApart(result, x, nameof(result));
        var call = Begin("squared_norm", 2 * x.Length, result, [new(nameof(result), result, Output), new(nameof(x), x, Input)]);
        SquaredNormCore(result, x);
        End(call);
    }

    protected abstract void FillCore(View y, float value);
    protected abstract void CopyCore(View y, View x);
    protected abstract void AddScaledCore(View y, View x, float factor);
    protected abstract void ScaleCore(View y, float factor);
    protected abstract void SquaredNormCore(View result, View x);
}
