namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Lora()
    {
        (int, int, int, int)[] tiny =
            [(1, 1, 1, 1), (1, 7, 17, 2), (5, 17, 33, 4), (33, 48, 130, 8), (33, 130, 7, 4), (5, 33, 48, 3), (17, 7, 1, 8), (33, 17, 17, 16)];
        foreach (var (rows, ic, oc, rank) in tiny)
            foreach (double dropout in new[] { 0, 0.1 })
                yield return Lora(rows, ic, oc, rank, dropout, wantDx: true, CaseSize.Tiny);

        yield return Lora(5, 17, 33, 4, 0.5, wantDx: false, CaseSize.Tiny);
        yield return Lora(5, 17, 33, 4, 0, wantDx: false, CaseSize.Tiny);
        // More than one chain of rows on the host, and more than 32.
        yield return Lora(133, 17, 33, 3, 0.1, wantDx: true, CaseSize.Tiny);
        yield return Lora(2101, 5, 7, 2, 0.1, wantDx: true, CaseSize.Spanning);
        yield return Lora(133, 259, 515, 4, 0.1, wantDx: true, CaseSize.Spanning);
        yield return Lora(203, 515, 130, 8, 0, wantDx: true, CaseSize.Spanning);
        foreach (var (ic, oc) in new[] { (768, 2304), (768, 768), (768, 3072), (3072, 768) })
            yield return Lora(256, ic, oc, 4, 0.1, wantDx: true, CaseSize.Large);
    }

    private static OpCase Lora(int rows, int ic, int oc, int rank, double dropout, bool wantDx, CaseSize size)
    {
        var shape = new LoraShape(rows, ic, oc, rank, 2, Mask(dropout));
        return new OpCase($"lora {rows}x{ic}x{oc} rank {rank}{Label(dropout)}{(wantDx ? "" : " no dx")}", 3e-6, size)
            .Updated("y", rows * oc).Output("u", rows * rank)
            .Input("x", rows * ic).Input("a", rank * ic, 1 / Math.Sqrt(ic)).Input("b", oc * rank, 1 / Math.Sqrt(rank))
            .Input("dy", rows * oc).Scratch("du", rows * rank).Updated("dx", wantDx ? rows * ic : 0).Updated("da", rank * ic).Updated("db", oc * rank)
            .Forward(nameof(ComputeBackend.Lora), (k, o) => k.Lora(o["y"], o["u"], o["x"], o["a"], o["b"], shape))
            .Backward(nameof(ComputeBackend.LoraBackward),
                (k, o) => k.LoraBackward(o["dx"], o["da"], o["db"], o["du"], o["dy"], o["u"], o["x"], o["a"], o["b"], shape))
            .LossOf("y", "dy").Gradient("x", "dx").Gradient("a", "da").Gradient("b", "db");
    }
}
