namespace LoraCollab.Kernels.Ops;

/// <summary>Sizes of causal self-attention: B sequences of T positions, NH heads of HS channels; C = NH·HS.</summary>
public readonly record struct AttentionShape(int B, int T, int NH, int HS)
{
    public int C => NH * HS;
    public int Rows => B * T;
}
