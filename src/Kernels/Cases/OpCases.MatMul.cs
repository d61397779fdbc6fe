namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> MatMul()
    {
        (int, int, int)[] tiny = [(1, 1, 1), (1, 7, 17), (5, 17, 33), (17, 1, 48), (33, 33, 1), (5, 130, 7), (33, 48, 130), (1, 130, 131)];
        foreach (var form in Enum.GetValues<MatrixForm>())
            foreach (var (rows, ic, oc) in tiny)
                yield return MatMul(rows, ic, oc, form, bias: (rows + (int)form) % 2 == 0, CaseSize.Tiny);

        yield return MatMul(5, 17, 33, MatrixForm.Dense, bias: true, CaseSize.Tiny);
        yield return MatMul(5, 17, 33, MatrixForm.Packed, bias: true, CaseSize.Tiny);
        foreach (var form in Enum.GetValues<MatrixForm>())
        {
            yield return MatMul(1, 515, 259, form, bias: true, CaseSize.Spanning);
            yield return MatMul(133, 515, 131, form, bias: true, CaseSize.Spanning);
        }
        yield return MatMul(71, 130, 1029, MatrixForm.Packed, bias: false, CaseSize.Spanning);
        yield return MatMul(71, 130, 1029, MatrixForm.DenseTransposed, bias: false, CaseSize.Spanning);
        foreach (var (ic, oc) in new[] { (768, 2304), (768, 768), (768, 3072), (3072, 768) })
            yield return MatMul(256, ic, oc, MatrixForm.Packed, bias: true, CaseSize.Large);
        yield return MatMul(256, 768, 3072, MatrixForm.Dense, bias: true, CaseSize.Large);
    }

    private static OpCase MatMul(int rows, int ic, int oc, MatrixForm form, bool bias, CaseSize size) =>
        new OpCase($"matmul {rows}x{ic}x{oc} {form}{(bias ? " bias" : "")}", 2e-6, size)
            .Output("y", rows * oc).Input("x", rows * ic).Weight("w", ic, oc, form).Input("bias", bias ? oc : 0)
            .Input("dy", rows * oc).Output("dx", rows * ic).Updated("dw", ic * oc, Math.Sqrt(rows)).Updated("db", oc, Math.Sqrt(rows))
            .Forward(nameof(ComputeBackend.MatMul), (k, o) => k.MatMul(o["y"], o["x"], o.Weight("w"), o["bias"], rows))
            .Backward(nameof(ComputeBackend.MatMulBackwardInput), (k, o) => k.MatMulBackwardInput(o["dx"], o["dy"], o.Weight("w"), rows))
            .Backward(nameof(ComputeBackend.MatMulBackwardWeight), (k, o) => k.MatMulBackwardWeight(o["dw"], o["x"], o["dy"], rows, ic, oc))
            .Backward(nameof(ComputeBackend.BiasBackward), (k, o) => k.BiasBackward(o["db"], o["dy"], rows, oc))
            .LossOf("y", "dy").Gradient("x", "dx").Gradient("bias", "db")
            .Gradient("w", form is MatrixForm.Dense or MatrixForm.Packed ? "dw" : null); // dw lies as [IC, OC]
}
