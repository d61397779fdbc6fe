namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> AdamW()
    {
        foreach (int step in new[] { 1, 10, 1000 })
            foreach (int n in new[] { 1, 7, 33, 1025 })
                yield return AdamW(n, new AdamWStep(2e-3, 0.9, 0.999, 1e-8, WeightDecay: step == 10 ? 0 : 0.01, step, GradientScale: step == 1 ? 1 : 0.3),
                    CaseSize.Tiny);

        var usual = new AdamWStep(2e-3, 0.9, 0.999, 1e-8, 0.01, 5, 1);
        yield return AdamW(70001, usual, CaseSize.Spanning);
        yield return AdamW(1 << 20, usual, CaseSize.Large);
    }

    /// <summary>At the first step m and v are zero, and every seventh gradient is zero too: there the root must not divide by nothing.</summary>
    private static OpCase AdamW(int n, AdamWStep step, CaseSize size)
    {
        string name = $"adamw {n} step {step.Step}";
        bool first = step.Step == 1;
        return new OpCase(name, 1e-6, size)
            .Updated("parameters", n, 0.02).Updated("m", n, first ? 0 : 0.05)
            .Updated("v", n, () => Array.ConvertAll(CaseValues.Normal($"{name}/v", n, first ? 0 : 0.1), value => value * value))
            .Input("gradient", n, () => EverySeventhZero(CaseValues.Normal($"{name}/gradient", n, 0.1)))
            .Forward(nameof(ComputeBackend.AdamW), (k, o) => k.AdamW(o["parameters"], o["m"], o["v"], o["gradient"], step));
    }

    private static float[] EverySeventhZero(float[] values)
    {
        for (int i = 6; i < values.Length; i += 7) values[i] = 0;
        return values;
    }
}
