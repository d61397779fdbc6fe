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

/// <summary>One linear layer y = x·W + b of the model; the gradients' views are empty where it is frozen.</summary>
/// <param name="Name">Path in the model, for scopes and messages: <c>h.3.attn.c_attn</c>.</param>
public sealed record Linear(string Name, Matrix Weight, View Bias, View WeightGradient, View BiasGradient);

/// <summary>One LayerNorm of the model; the gradients' views are empty where it is frozen.</summary>
/// <param name="Name">Path in the model, for scopes and messages: <c>h.3.ln_1</c>.</param>
public sealed record Norm(string Name, View Gamma, View Beta, View GammaGradient, View BetaGradient);
