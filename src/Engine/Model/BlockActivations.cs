namespace LoraCollab.Engine.Model;

/// <summary>The activations of one block, as views of whole rows. Where a pass need not keep one for the backward pass, blocks share it.</summary>
internal struct BlockActivations
{
    /// <summary>The residual stream as it enters [rows, C].</summary>
    public View Input;

    /// <summary>ln_1 of the input [rows, C], its μ and ρ [rows].</summary>
    public View Norm1, Mean1, Rstd1;

    /// <summary>q, k, v [rows, 3C]; the attention's log-sums [rows·NH] and output [rows, C].</summary>
    public View Qkv, Lse, Attended;

    /// <summary>The stream after the attention's addition [rows, C].</summary>
    public View Middle;

    /// <summary>ln_2 of the middle [rows, C], its μ and ρ [rows].</summary>
    public View Norm2, Mean2, Rstd2;

    /// <summary>The MLP before and after GELU [rows, 4C].</summary>
    public View Hidden, Gelu;

    /// <summary>drop(x)·Aᵀ of the four adapters [rows, r].</summary>
    public View U0, U1, U2, U3;

    /// <summary>The stream as it leaves [rows, C]: the next block's input.</summary>
    public View Output;

    public readonly View U(Projection projection) => projection switch
    {
        Projection.AttnCAttn => U0,
        Projection.AttnCProj => U1,
        Projection.MlpCFc => U2,
        _ => U3,
    };

    /// <summary>The first rows of views made for <paramref name="all"/> rows.</summary>
    public readonly BlockActivations First(int rows, int all)
    {
        return new BlockActivations
        {
            Input = Cut(Input),
            Norm1 = Cut(Norm1),
            Mean1 = Cut(Mean1),
            Rstd1 = Cut(Rstd1),
            Qkv = Cut(Qkv),
            Lse = Cut(Lse),
            Attended = Cut(Attended),
            Middle = Cut(Middle),
            Norm2 = Cut(Norm2),
            Mean2 = Cut(Mean2),
            Rstd2 = Cut(Rstd2),
            Hidden = Cut(Hidden),
            Gelu = Cut(Gelu),
            U0 = Cut(U0),
            U1 = Cut(U1),
            U2 = Cut(U2),
            U3 = Cut(U3),
            Output = Cut(Output),
        };

        View Cut(View view) => view.FirstRows(rows, all);
    }
}
