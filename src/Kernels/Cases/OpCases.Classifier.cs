namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Classifier()
    {
        (int, int, int)[] tiny = [(1, 1, 3), (5, 7, 3), (1, 17, 131), (33, 48, 131), (5, 33, 1025)];
        foreach (var form in Enum.GetValues<MatrixForm>())
            foreach (var (rows, c, v) in tiny)
                yield return Classifier(rows, c, v, form, CaseSize.Tiny);

        yield return Classifier(5, 17, 131, MatrixForm.PackedTransposed, CaseSize.Tiny, wantDw: false);
        yield return Classifier(5, 17, 131, MatrixForm.PackedTransposed, CaseSize.Tiny, " all ignored", ignore: 1);
        yield return Classifier(5, 17, 131, MatrixForm.DenseTransposed, CaseSize.Tiny, " large logits", scale: 60);
        yield return Classifier(5, 17, 130, MatrixForm.Packed, CaseSize.Tiny, " ties", ties: true);
        yield return Classifier(203, 65, 517, MatrixForm.PackedTransposed, CaseSize.Spanning);
        yield return Classifier(133, 65, 517, MatrixForm.DenseTransposed, CaseSize.Spanning);
        yield return Classifier(133, 65, 1029, MatrixForm.Packed, CaseSize.Spanning, wantDw: false);
        yield return Classifier(256, 768, 50257, MatrixForm.PackedTransposed, CaseSize.Large, wantDw: false);
    }

    /// <summary>The loss alone, then once more with its gradient: as in evaluation and in training.</summary>
    private static OpCase Classifier(
        int rows, int c, int v, MatrixForm form, CaseSize size, string label = "", bool wantDw = true, int ignore = 4, double scale = 1, bool ties = false)
    {
        string name = $"classifier {rows}x{c}x{v} {form}{(wantDw ? "" : " frozen")}{label}";
        float gradientScale = 1f / rows;
        var targets = CaseValues.Ids(name, rows, v);
        for (int m = ignore - 1; m < rows; m += ignore) targets[m] = -1;
        // exp turns an absolute error of the logit into a relative one of the probability.
        return new OpCase(name, scale > 1 ? 1e-4 : 4e-6, size)
            .Output("losses", rows).OutputIds("argmax", rows).Input("x", rows * c, scale).Weight("w", c, v, form, ties ? () => Twice(name, c, v) : null)
            .Ids("targets", targets).Output("losses again", rows).Output("dx", rows * c).Updated("dw", wantDw ? v * c : 0, gradientScale * scale)
            .Forward(nameof(ComputeBackend.Classifier),
                (k, o) => k.Classifier(o["losses"], o.Ids("argmax"), default, default, o["x"], o.Weight("w"), o.Ids("targets"), rows, gradientScale))
            .Backward(nameof(ComputeBackend.Classifier),
                (k, o) => k.Classifier(o["losses again"], default, o["dx"], o["dw"], o["x"], o.Weight("w"), o.Ids("targets"), rows, gradientScale))
            .LossOf("losses", gradientScale).Gradient("x", "dx")
            .Gradient("w", form is MatrixForm.DenseTransposed or MatrixForm.PackedTransposed ? "dw" : null); // dw lies as [V, C]
    }

    private static IEnumerable<OpCase> ClassifierTopK()
    {
        foreach (var form in Enum.GetValues<MatrixForm>())
            foreach (var (rows, c, v, k) in new[] { (1, 1, 3, 1), (5, 7, 3, 3), (5, 17, 131, 10), (2, 33, 1025, 60) })
                yield return ClassifierTopK(rows, c, v, k, form, CaseSize.Tiny);

        yield return ClassifierTopK(203, 65, 517, 20, MatrixForm.PackedTransposed, CaseSize.Spanning);
        yield return ClassifierTopK(256, 768, 50257, 100, MatrixForm.PackedTransposed, CaseSize.Large);
    }

    /// <summary>
    /// In eighths every logit is exact in float32, whatever the order of its sum: ids can be compared one by one, and many logits are equal, so that the lower
    /// id must win.
    /// </summary>
    private static OpCase ClassifierTopK(int rows, int c, int v, int k, MatrixForm form, CaseSize size)
    {
        string name = $"classifier top {k} {rows}x{c}x{v} {form}";
        return new OpCase(name, 1e-6, size)
            .OutputIds("ids", rows * k).Output("logits", rows * k).Output("lse", rows)
            .Input("x", rows * c, () => InEighths(CaseValues.Normal($"{name}/x", rows * c)))
            .Weight("w", c, v, form, () => InEighths(CaseValues.Normal($"{name}/w", c * v, 0.5)))
            .Forward(nameof(ComputeBackend.ClassifierTopK), (b, o) => b.ClassifierTopK(o.Ids("ids"), o["logits"], o["lse"], o["x"], o.Weight("w"), rows, k));
    }

    private static float[] InEighths(float[] values) => Array.ConvertAll(values, value => MathF.Round(8 * value) / 8);

    /// <summary>A weight [C, V] whose right half repeats its left half: every logit occurs twice, and the lower id is the argmax.</summary>
    private static float[] Twice(string stream, int c, int v)
    {
        var half = CaseValues.Normal(stream, c * v / 2);
        var w = new float[c * v];
        for (int i = 0; i < c; i++)
            for (int o = 0; o < v; o++)
                w[i * v + o] = half[i * (v / 2) + o % (v / 2)];
        return w;
    }
}
