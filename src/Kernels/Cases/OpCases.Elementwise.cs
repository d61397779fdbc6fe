namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Elementwise()
    {
        foreach (int n in new[] { 1, 7, 17, 33, 1025 }) yield return Elementwise(n, CaseSize.Tiny);
        yield return Elementwise(70001, CaseSize.Spanning);
        yield return Elementwise(1 << 20, CaseSize.Large);
    }

    private static OpCase Elementwise(int n, CaseSize size)
    {
        float factor = size == CaseSize.Large ? -1 : 0.7f; // benchmarks repeat the op: it must not end in subnormal numbers
        return new OpCase($"elementwise {n}", 1e-6, size)
            .Input("x", n).Output("filled", n).Output("copy", n).Updated("sum", n).Updated("scaled", n).Output("norm", 1)
            .Forward(nameof(ComputeBackend.Fill), (k, o) => k.Fill(o["filled"], 0.3f))
            .Forward(nameof(ComputeBackend.Copy), (k, o) => k.Copy(o["copy"], o["x"]))
            .Forward(nameof(ComputeBackend.AddScaled), (k, o) => k.AddScaled(o["sum"], o["x"], -1.7f))
            .Forward(nameof(ComputeBackend.Scale), (k, o) => k.Scale(o["scaled"], factor))
            .Forward(nameof(ComputeBackend.SquaredNorm), (k, o) => k.SquaredNorm(o["norm"], o["x"]));
    }
}
