namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void ClassifierCore(
        View losses, IntView argmax, View dx, View dw, View x, Matrix w, IntView targets, int rows, float gradientScale)
    {
        Table X = Table(x, w.IC), W = Weight(w), DX = Table(dx, w.IC), DW = Table(dw, w.IC);
        var loss = Reals(losses);
        Span<int> best = Ids(argmax), target = Ids(targets);
        RequireIds(target, -1, w.OC, nameof(targets));
        Reals(dx).Clear();
        var z = new double[w.OC];
        for (int m = 0; m < rows; m++)
        {
            Logits(z, X, m, W, w.IC);
            if (!best.IsEmpty) best[m] = Largest(z);
            double lse = LogSumExp(z);
            loss[m] = target[m] < 0 ? 0 : lse - z[target[m]];
            if (DX.IsEmpty || target[m] < 0) continue;
            for (int v = 0; v < w.OC; v++)
            {
                double g = gradientScale * (Math.Exp(z[v] - lse) - (v == target[m] ? 1 : 0)); // loss[m] = lse - z[target[m]], for z
                for (int i = 0; i < w.IC; i++)
                {
                    DX[m, i] += g * W[i, v];                 // z[v] += X[m, i] * W[i, v], for X
                    if (!DW.IsEmpty) DW[v, i] += g * X[m, i]; // and for W
                }
            }
        }
    }

    protected override void ClassifierTopKCore(IntView ids, View logits, View lse, View x, Matrix w, int rows, int k)
    {
        Table X = Table(x, w.IC), W = Weight(w), top = Table(logits, k);
        var id = Ids(ids);
        var L = Reals(lse);
        var z = new double[w.OC];
        for (int m = 0; m < rows; m++)
        {
            Logits(z, X, m, W, w.IC);
            L[m] = LogSumExp(z);
            for (int rank = 0; rank < k; rank++)
            {
                int v = Largest(z);
                (id[m * k + rank], top[m, rank]) = (v, z[v]);
                z[v] = double.NegativeInfinity; // taken
            }
        }
    }

    private static void Logits(Span<double> z, Table X, int m, Table W, int ic)
    {
        z.Clear();
        for (int v = 0; v < z.Length; v++)
            for (int i = 0; i < ic; i++)
                z[v] += X[m, i] * W[i, v];
    }

    /// <summary>The lowest index of the largest value.</summary>
    private static int Largest(ReadOnlySpan<double> z)
    {
        int best = 0;
        for (int v = 1; v < z.Length; v++)
            if (z[v] > z[best]) best = v;
        return best;
    }
}
