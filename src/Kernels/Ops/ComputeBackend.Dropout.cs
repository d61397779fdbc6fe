using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// y = keep∘x/(1 − p), keep from <see cref="DropoutMask"/>. y may be x itself. Its backward pass is the same op on the gradient with the same mask.
    /// Sizes: y, x [n]. n FLOPs and n/4 Philox blocks.
    /// </summary>
    public void Dropout(View y, View x, long n, DropoutMask mask)
    {
        RequireSize(y, n, nameof(y));
        RequireSize(x, n, nameof(x));
        if (!y.IsSameAs(x)) RequireApart(y, x, nameof(y));
        var call = Begin("dropout", n, y, [new(nameof(y), y, Output), new(nameof(x), x, Input)]);
        DropoutCore(y, x, n, mask);
        End(call);
    }

    /// <summary>
    /// y += keep∘x/(1 − p): a block's output joins the residual stream. Without dropout a plain sum. Sizes: y, x [n]. 2·n FLOPs, n without dropout.
    /// </summary>
    public void AddDropout(View y, View x, long n, DropoutMask mask)
    {
        RequireSize(y, n, nameof(y));
        RequireSize(x, n, nameof(x));
        RequireApart(y, x, nameof(y));
        var call = Begin("add_dropout", (mask.IsNone ? 1 : 2) * n, y, [new(nameof(y), y, Updated), new(nameof(x), x, Input)]);
        AddDropoutCore(y, x, n, mask);
        End(call);
    }

    protected abstract void DropoutCore(View y, View x, long n, DropoutMask mask);
    protected abstract void AddDropoutCore(View y, View x, long n, DropoutMask mask);
}
