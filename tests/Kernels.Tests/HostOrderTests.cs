namespace LoraCollab.Kernels.Tests;

/// <summary>
/// The contract of the products fixes the order of every sum: one chain of fused multiply-adds. Then the bits are those of the plainest loop, and cannot depend
/// on tiles, threads or the instruction set.
/// </summary>
public sealed class HostOrderTests
{
    private static readonly HostBackend Host = new(2);

    public static TheoryData<string> Products => [.. OpCases.All.Where(c => c.Ops.Contains(nameof(ComputeBackend.MatMul))).Select(c => c.Name)];

    [Theory, MemberData(nameof(Products))]
    public void Products_OfEveryShape_HaveTheBitsOfOneChain(string name)
    {
        var c = OpCases.Named(name);
        using var bound = c.Bind(Host);
        float[] oldDw = Floats(bound, "dw"), oldDb = Floats(bound, "db");
        foreach (var step in c.Steps) bound.Run(step);

        var weight = c.Operands.OfType<WeightOperand>().Single();
        float[] x = Floats(bound, "x"), dy = Floats(bound, "dy"), bias = Floats(bound, "bias"), w = weight.Values();
        int ic = weight.IC, oc = weight.OC, rows = x.Length / ic;
        float W(int i, int o) => w[weight.Transposed ? o * ic + i : i * oc + o];

        RequireBits(bound, "y", oc, (m, o) => Chain(0, ic, i => x[m * ic + i], i => W(i, o)) + (bias.Length == 0 ? 0 : bias[o]));
        RequireBits(bound, "dx", ic, (m, i) => Chain(0, oc, o => dy[m * oc + o], o => W(i, o)));
        RequireBits(bound, "dw", oc, (i, o) => Chain(oldDw[i * oc + o], rows, m => x[m * ic + i], m => dy[m * oc + o]));
        RequireBits(bound, "db", oc, (_, o) => Chain(oldDb[o], rows, m => dy[m * oc + o], _ => 1));
    }

    private static float[] Floats(BoundCase bound, string operand) => Array.ConvertAll(bound.Read(operand), value => (float)value);

    private static float Chain(float sum, int length, Func<int, float> a, Func<int, float> b)
    {
        for (int i = 0; i < length; i++) sum = MathF.FusedMultiplyAdd(a(i), b(i), sum);
        return sum;
    }

    /// <summary>Of long operands every 37th element: over the rows that meets every place of a tile.</summary>
    private static void RequireBits(BoundCase bound, string operand, int columns, Func<int, int, float> expected)
    {
        var actual = bound.Read(operand);
        for (int e = 0; e < actual.Length; e += actual.Length > 5000 ? 37 : 1)
            Closeness.RequireSameBits($"{operand}[{e / columns}, {e % columns}]", [expected(e / columns, e % columns)], [actual[e]]);
    }
}
