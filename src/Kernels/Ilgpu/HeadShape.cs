namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// Sizes for the kernels: B·NH·T rows; queries lie QueryStride apart and keys and values KeyStride apart; the first query sees First + 1 keys.
/// </summary>
internal readonly record struct HeadShape(int Rows, int T, int NH, int HS, int QueryStride, int KeyStride, int First)
{
    public static HeadShape Of(AttentionShape s) => new(s.Rows * s.NH, s.T, s.NH, s.HS, 3 * s.C, 3 * s.C, 0);

    public int C => NH * HS;

    /// <summary>1/√HS.</summary>
    public float Scale => 1f / MathF.Sqrt(HS);

    /// <summary>The position of row (b·NH + h)·T + i.</summary>
    public int Position(int row) => row % T;

    /// <summary>Where head h of position i of sequence b begins in a tensor whose positions lie <paramref name="stride"/> apart.</summary>
    public int Start(int row, int i, int stride)
    {
        int head = row / T;
        return (head / NH * T + i) * stride + head % NH * HS;
    }
}
