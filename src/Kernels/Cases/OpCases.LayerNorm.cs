namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> LayerNorm()
    {
        foreach (int rows in new[] { 1, 5, 33 })
            foreach (int c in new[] { 1, 7, 17, 48, 130 })
                yield return LayerNorm(rows, c, trainable: (rows + c) % 2 == 0, wantDx: true, CaseSize.Tiny);

        yield return LayerNorm(5, 17, trainable: false, wantDx: true, CaseSize.Tiny);
        yield return LayerNorm(5, 17, trainable: true, wantDx: false, CaseSize.Tiny);
        yield return LayerNorm(5, 33, trainable: true, wantDx: true, CaseSize.Tiny, center: 100);
        yield return LayerNorm(133, 515, trainable: true, wantDx: true, CaseSize.Spanning);
        yield return LayerNorm(1, 1029, trainable: true, wantDx: true, CaseSize.Spanning);
        yield return LayerNorm(256, 768, trainable: false, wantDx: true, CaseSize.Large);
        yield return LayerNorm(256, 768, trainable: true, wantDx: true, CaseSize.Large);
    }

    private static OpCase LayerNorm(int rows, int c, bool trainable, bool wantDx, CaseSize size, double center = 0.5)
    {
        string label = $"layernorm {rows}x{c}{(trainable ? " trainable" : "")}{(wantDx ? "" : " no dx")}{(center > 1 ? $" around {center}" : "")}";
        // Far from zero the variance is a difference of large numbers: the input's own rounding is what remains.
        return new OpCase(label, center > 1 ? 1e-4 : 3e-6, size)
            .Output("y", rows * c).Output("mean", rows).Output("rstd", rows)
            .Input("x", rows * c, center: center).Input("gamma", c, 0.3, 1).Input("beta", c, 0.3)
            .Input("dy", rows * c).Updated("dx", wantDx ? rows * c : 0)
            .Updated("dgamma", trainable ? c : 0, Math.Sqrt(rows)).Updated("dbeta", trainable ? c : 0, Math.Sqrt(rows))
            .Forward(nameof(ComputeBackend.LayerNorm), (k, o) => k.LayerNorm(o["y"], o["mean"], o["rstd"], o["x"], o["gamma"], o["beta"], rows, c, 1e-5f))
            .Backward(nameof(ComputeBackend.LayerNormBackward),
                (k, o) => k.LayerNormBackward(o["dx"], o["dgamma"], o["dbeta"], o["dy"], o["x"], o["mean"], o["rstd"], o["gamma"], rows, c))
            .LossOf("y", "dy").Gradient("x", "dx").Gradient("gamma", "dgamma").Gradient("beta", "dbeta");
    }
}
