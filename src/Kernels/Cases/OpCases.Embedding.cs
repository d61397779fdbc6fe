namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Embedding()
    {
        (int, int, int, int)[] tiny = [(1, 1, 1, 3), (2, 5, 7, 3), (1, 33, 17, 131), (3, 17, 48, 131), (1, 2, 130, 1025)];
        foreach (var form in Enum.GetValues<MatrixForm>())
            foreach (var (b, t, c, v) in tiny)
                yield return Embedding(b, t, c, v, form, CaseSize.Tiny);

        yield return Embedding(1, 1, 17, 131, MatrixForm.PackedTransposed, CaseSize.Tiny, position: 6);
        yield return Embedding(1, 3, 17, 131, MatrixForm.DenseTransposed, CaseSize.Tiny, position: 2);
        yield return Embedding(3, 133, 130, 1025, MatrixForm.PackedTransposed, CaseSize.Spanning);
        yield return Embedding(4, 64, 768, 50257, MatrixForm.PackedTransposed, CaseSize.Large);
    }

    private static OpCase Embedding(int b, int t, int c, int v, MatrixForm form, CaseSize size, int position = 0)
    {
        int context = position + t + 1;
        string label = $"embedding B{b} T{t} C{c} V{v} {form}{(position > 0 ? $" from {position}" : "")}";
        return new OpCase(label, 1e-6, size)
            .Output("x", b * t * c).Ids("ids", CaseValues.Ids(label, b * t, v)).Weight("wte", c, v, form).Input("wpe", context * c)
            .Updated("dwte", v * c).Updated("dwpe", context * c).Input("dx", b * t * c)
            .Forward(nameof(ComputeBackend.Embedding), (k, o) => k.Embedding(o["x"], o.Ids("ids"), o.Weight("wte"), o["wpe"], b, t, position))
            .Backward(nameof(ComputeBackend.EmbeddingBackward), (k, o) => k.EmbeddingBackward(o["dwte"], o["dwpe"], o.Ids("ids"), o["dx"], b, t, c))
            .LossOf("x", "dx")
            .Gradient("wte", form is MatrixForm.DenseTransposed or MatrixForm.PackedTransposed ? "dwte" : null) // dwte lies as [V, C]
            .Gradient("wpe", position == 0 ? "dwpe" : null); // backward positions begin at 0
    }
}
