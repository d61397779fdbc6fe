namespace LoraCollab.Engine.Model;

/// <summary>What a pass computes on its way, with the width of a row. <see cref="PassLayout"/> says which of them every block keeps.</summary>
internal enum Activation
{
    /// <summary>The residual stream as it enters a block: C.</summary>
    Input,

    /// <summary>ln_1 of the input: C, its μ and ρ: 1.</summary>
    Norm1, Mean1, Rstd1,

    /// <summary>q, k and v: 3C; the attention's log-sums: NH; its output: C.</summary>
    Qkv, Lse, Attended,

    /// <summary>The stream after the attention's addition: C.</summary>
    Middle,

    /// <summary>ln_2 of the middle: C, its μ and ρ: 1.</summary>
    Norm2, Mean2, Rstd2,

    /// <summary>The MLP before and after GELU: 4C.</summary>
    Hidden, Gelu,

    /// <summary>drop(x)·Aᵀ of the four adapters, in the order of <see cref="Projection"/>: r.</summary>
    U0, U1, U2, U3,

    /// <summary>The stream as it leaves: C; the next block's input.</summary>
    Output,

    /// <summary>What half a block adds to the stream: C.</summary>
    Projected,

    /// <summary>ln_f of the stream: C, its μ and ρ: 1; the losses: 1.</summary>
    FinalNorm, FinalMean, FinalRstd, Losses,

    /// <summary>Gradients of the stream, of a layer's input and of what it adds: C; of the MLP within, or of q, k and v: 4C; of an adapter's u: r.</summary>
    DStream, DInput, DProjected, DHidden, DU,
}

/// <summary>The activations a block sees, its own and the shared ones, as views of the rows of the present batch; empty where a pass has none.</summary>
/// <param name="all">Views of all rows, by <see cref="Activation"/>.</param>
internal sealed class Activations(View[] all)
{
    private readonly View[] _views = new View[all.Length];

    public View this[Activation activation] => _views[(int)activation];

    public View U(Projection projection) => this[Activation.U0 + (int)projection];

    /// <summary>From now on the first <paramref name="rows"/> of <paramref name="most"/>.</summary>
    public void Cut(int rows, int most)
    {
        for (int i = 0; i < all.Length; i++) _views[i] = all[i].IsEmpty ? all[i] : all[i].Slice(0, all[i].Length / most * rows);
    }
}
