using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// y[m, o] = Σ_i x[m, i] · W[i, o] (+ bias[o]).
    /// Sizes: y [rows, OC], x [rows, IC], bias [OC] or empty.
    /// Order: each sum starts at zero, runs over i ascending in one chain of fused multiply-adds; the bias is added last.
    /// 2·rows·IC·OC FLOPs.
    /// </summary>
    public void MatMul(View y, View x, Matrix w, View bias, int rows)
    {
        RequirePositive(rows, nameof(rows));
        RequireSize(y, (long)rows * w.OC, nameof(y));
        RequireSize(x, (long)rows * w.IC, nameof(x));
        RequireOptional(bias, w.OC, nameof(bias));
        RequireApart(y, x, nameof(y));
        var call = Begin("matmul", 2L * rows * w.IC * w.OC, y,
            [new(nameof(y), y, Output, w.OC), new(nameof(x), x, Input, w.IC), new(nameof(w), w), new(nameof(bias), bias, Input)]);
        MatMulCore(y, x, w, bias, rows);
        End(call);
    }

    /// <summary>
    /// dx[m, i] = Σ_o dy[m, o] · W[i, o]: the gradient of <see cref="MatMul"/> for its input, from the same packed copy of W.
    /// Sizes: dx [rows, IC], dy [rows, OC]. Order: o ascending, one chain.
    /// </summary>
    public void MatMulBackwardInput(View dx, View dy, Matrix w, int rows)
    {
        RequirePositive(rows, nameof(rows));
        RequireSize(dx, (long)rows * w.IC, nameof(dx));
        RequireSize(dy, (long)rows * w.OC, nameof(dy));
        RequireApart(dx, dy, nameof(dx));
        var call = Begin("matmul_backward_input", 2L * rows * w.IC * w.OC, dx,
            [new(nameof(dx), dx, Output, w.IC), new(nameof(dy), dy, Input, w.OC), new(nameof(w), w)]);
        MatMulBackwardInputCore(dx, dy, w, rows);
        End(call);
    }

    /// <summary>
    /// dW[i, o] += Σ_m x[m, i] · dy[m, o]: the gradient for a trainable weight.
    /// Sizes: dw [IC, OC] row-major; x [rows, IC], dy [rows, OC]. Order: m ascending, one chain that starts at the old dW.
    /// </summary>
    public void MatMulBackwardWeight(View dw, View x, View dy, int rows, int ic, int oc)
    {
        RequirePositive(rows, nameof(rows));
        RequireSize(dw, (long)ic * oc, nameof(dw));
        RequireSize(x, (long)rows * ic, nameof(x));
        RequireSize(dy, (long)rows * oc, nameof(dy));
        RequireApart(dw, x, nameof(dw));
        RequireApart(dw, dy, nameof(dw));
        var call = Begin("matmul_backward_weight", 2L * rows * ic * oc, dw,
            [new(nameof(dw), dw, Updated, oc), new(nameof(x), x, Input, ic), new(nameof(dy), dy, Input, oc)]);
        MatMulBackwardWeightCore(dw, x, dy, rows, ic, oc);
        End(call);
    }

    /// <summary>
    /// db[o] += Σ_m dy[m, o]: the gradient for a trainable bias. Sizes: db [oc], dy [rows, oc]. Order: m ascending from the old db.
    /// rows·oc FLOPs.
    /// </summary>
    public void BiasBackward(View db, View dy, int rows, int oc)
    {
        RequirePositive(rows, nameof(rows));
        RequireSize(db, oc, nameof(db));
        RequireSize(dy, (long)rows * oc, nameof(dy));
        RequireApart(db, dy, nameof(db));
        var call = Begin("bias_backward", (long)rows * oc, db,
            [new(nameof(db), db, Updated), new(nameof(dy), dy, Input, oc)]);
        BiasBackwardCore(db, dy, rows, oc);
        End(call);
    }

    protected abstract void MatMulCore(View y, View x, Matrix w, View bias, int rows);
    protected abstract void MatMulBackwardInputCore(View dx, View dy, Matrix w, int rows);
    protected abstract void MatMulBackwardWeightCore(View dw, View x, View dy, int rows, int ic, int oc);
    protected abstract void BiasBackwardCore(View db, View dy, int rows, int oc);
}
