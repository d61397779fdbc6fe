namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Gelu()
    {
        foreach (var form in Enum.GetValues<GeluForm>())
        {
            foreach (int n in new[] { 1, 7, 17, 33, 1025 })
                yield return Gelu(n, form, CaseSize.Tiny);
            float[] extremes = [0, -0f, 1e-30f, -1e-8f, 1e-4f, -1e-3f, 0.5f, -0.75f, 3, -3, 5, -5, 8, -8, 12, -12, 40, -40, 1000, -1000];
            yield return Gelu(extremes.Length, form, CaseSize.Tiny, extremes);
            yield return GeluBackwardInPlace(33, form);
            yield return Gelu(70001, form, CaseSize.Spanning);
            yield return Gelu(256 * 3072, form, CaseSize.Large);
        }
    }

    private static OpCase Gelu(int n, GeluForm form, CaseSize size, float[]? extremes = null) =>
        new OpCase($"gelu {form} {n}{(extremes is null ? "" : " extremes")}", 2e-6, size)
            .Output("y", n).Input("x", n, () => extremes ?? CaseValues.Normal($"gelu {n}", n, 2)).Input("dy", n).Output("dx", n)
            .Forward(nameof(ComputeBackend.Gelu), (k, o) => k.Gelu(o["y"], o["x"], n, form))
            .Backward(nameof(ComputeBackend.GeluBackward), (k, o) => k.GeluBackward(o["dx"], o["dy"], o["x"], n, form))
            .LossOf("y", "dy").Gradient("x", "dx");

    private static OpCase GeluBackwardInPlace(int n, GeluForm form) =>
        new OpCase($"gelu {form} {n} backward in place", 2e-6)
            .Input("x", n, 2).Updated("dy", n)
            .Backward(nameof(ComputeBackend.GeluBackward), (k, o) => k.GeluBackward(o["dy"], o["dy"], o["x"], n, form));
}
