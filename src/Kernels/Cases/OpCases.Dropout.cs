namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Dropout()
    {
        foreach (double p in new[] { 0, 0.1, 0.5, 0.99 })
            foreach (int n in new[] { 1, 3, 4, 5, 33, 1025 })
                yield return Dropout(n, p, CaseSize.Tiny);

        yield return DropoutInPlace(33, 0.5);
        yield return Dropout(70001, 0.1, CaseSize.Spanning);
        yield return Dropout(256 * 768, 0.1, CaseSize.Large);
    }

    private static OpCase Dropout(int n, double p, CaseSize size)
    {
        var mask = Mask(p);
        return new OpCase($"dropout {n} p {FormattableString.Invariant($"{p}")}", 1e-6, size)
            .Output("y", n).Updated("sum", n).Input("x", n).Input("dy", n).Output("dx", n)
            .Forward(nameof(ComputeBackend.Dropout), (k, o) => k.Dropout(o["y"], o["x"], n, mask))
            .Forward(nameof(ComputeBackend.AddDropout), (k, o) => k.AddDropout(o["sum"], o["x"], n, mask))
            .Backward(nameof(ComputeBackend.Dropout), (k, o) => k.Dropout(o["dx"], o["dy"], n, mask))
            .LossOf("y", "dy").Gradient("x", "dx");
    }

    private static OpCase DropoutInPlace(int n, double p)
    {
        var mask = Mask(p);
        return new OpCase($"dropout {n} in place", 1e-6).Updated("x", n).Forward(nameof(ComputeBackend.Dropout), (k, o) => k.Dropout(o["x"], o["x"], n, mask));
    }
}
