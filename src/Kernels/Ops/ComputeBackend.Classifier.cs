using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// Final projection, softmax and cross-entropy in one pass over chunks of rows; the logits of a whole batch never exist. z = x·W; losses[m] = log Σ_v exp
    /// z_v − z_target; argmax[m] = the lowest v of the largest z (where wanted). Where dx is wanted: g = gradientScale·(softmax(z) − onehot(target));
    /// dx[m] = g·Wᵀ; and where dw is wanted too: dw[v] += Σ_m g[m, v]·x[m], m ascending. A row whose target is −1 is ignored: its loss and dx are 0.
    /// Sizes: losses [rows], argmax [rows] or empty, dx [rows, C] or empty, dw [V, C] row-major or empty, x [rows, C], W [C, V] (for a tied head wteᵀ),
    /// targets [rows] in [−1, V). 2·rows·C·V FLOPs for each product.
    /// </summary>
    public void Classifier(View losses, IntView argmax, View dx, View dw, View x, Matrix w, IntView targets, int rows, float gradientScale)
    {
        RequirePositive(rows, nameof(rows));
        RequireSize(losses, rows, nameof(losses));
        if (!argmax.IsEmpty) RequireSize(argmax, rows, nameof(argmax));
        RequireOptional(dx, (long)rows * w.IC, nameof(dx));
        RequireOptional(dw, (long)w.IC * w.OC, nameof(dw));
        RequireSize(x, (long)rows * w.IC, nameof(x));
        RequireSize(targets, rows, nameof(targets));
        if (dx.IsEmpty && !dw.IsEmpty) throw new ArgumentException("dw is computed together with dx", nameof(dw));
        RequireApart(dx, x, nameof(dx));
        int products = 1 + (dx.IsEmpty ? 0 : 1) + (dw.IsEmpty ? 0 : 1);
        var call = Begin(dx.IsEmpty ? "classifier" : "classifier_backward", products * 2L * rows * w.IC * w.OC, losses,
            [new(nameof(losses), losses, Output), new(nameof(argmax), argmax, Output), new(nameof(dx), dx, Output, w.IC),
             new(nameof(dw), dw, Updated, w.IC), new(nameof(x), x, Input, w.IC), new(nameof(w), w), new(nameof(targets), targets, Input)]);
        ClassifierCore(losses, argmax, dx, dw, x, w, targets, rows, gradientScale);
        End(call);
    }

    /// <summary>
    /// The k largest logits of every row, descending, ties to the lower id, and log Σ_v exp z_v over all V, so that exp(logit − lse) is the probability.
    /// Works in chunks of rows like <see cref="Classifier"/>. Sizes: ids, logits [rows, k], lse [rows], x [rows, C], W [C, V], 1 ≤ k ≤ V.
    /// </summary>
    public void ClassifierTopK(IntView ids, View logits, View lse, View x, Matrix w, int rows, int k)
    {
        RequirePositive(rows, nameof(rows));
        if (k < 1 || k > w.OC) throw new ArgumentOutOfRangeException(nameof(k), k, $"k must be between 1 and the vocabulary's {w.OC}");
        RequireSize(ids, (long)rows * k, nameof(ids));
        RequireSize(logits, (long)rows * k, nameof(logits));
        RequireSize(lse, rows, nameof(lse));
        RequireSize(x, (long)rows * w.IC, nameof(x));
        var call = Begin("classifier_top_k", 2L * rows * w.IC * w.OC, logits,
            [new(nameof(ids), ids, Output, k), new(nameof(logits), logits, Output, k), new(nameof(lse), lse, Output), new(nameof(x), x, Input, w.IC),
             new(nameof(w), w)]);
        ClassifierTopKCore(ids, logits, lse, x, w, rows, k);
        End(call);
    }

    protected abstract void ClassifierCore(View losses, IntView argmax, View dx, View dw, View x, Matrix w, IntView targets, int rows, float gradientScale);
    protected abstract void ClassifierTopKCore(IntView ids, View logits, View lse, View x, Matrix w, int rows, int k);
}
