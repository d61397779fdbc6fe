namespace LoraCollab.Engine.Model;

/// <summary>The parameters of one transformer block.</summary>
public sealed class Block
{
    private readonly Linear[] _linears;

    internal Block(int layer, Norm norm1, Norm norm2, Linear[] linears)
    {
        (Norm1, Norm2, _linears) = (norm1, norm2, linears);
        (AttentionScope, MlpScope) = ($"h.{layer}.attn", $"h.{layer}.mlp");
    }

    public Norm Norm1 { get; }
    public Norm Norm2 { get; }

    /// <summary>Scope of the attention itself, between its projections.</summary>
    public string AttentionScope { get; }

    /// <summary>Scope of the GELU and the block's second addition.</summary>
    public string MlpScope { get; }

    public Linear this[Projection projection] => _linears[(int)projection];
}
