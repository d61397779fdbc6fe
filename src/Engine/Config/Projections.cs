namespace LoraCollab.Engine.Config;

/// <summary>Names and places of the four projections.</summary>
public static class Projections
{
    /// <summary>In the order of the forward pass.</summary>
    public static IReadOnlyList<Projection> All { get; } = [Projection.AttnCAttn, Projection.AttnCProj, Projection.MlpCFc, Projection.MlpCProj];

    /// <summary>The module's path inside a block, for instance <c>attn.c_attn</c>.</summary>
    public static string Path(this Projection projection) => projection switch
    {
        Projection.AttnCAttn => "attn.c_attn",
        Projection.AttnCProj => "attn.c_proj",
        Projection.MlpCFc => "mlp.c_fc",
        _ => "mlp.c_proj",
    };

    /// <summary>The module's path inside the model, for instance <c>h.3.attn.c_attn</c>.</summary>
    public static string NameIn(this Projection projection, int layer) => $"h.{layer}.{projection.Path()}";

    /// <summary>Where the adapter's own dropout draws its mask.</summary>
    public static DropoutSite Site(this Projection projection) => DropoutSite.LoraAttention + (uint)projection;
}

/// <summary>The four linear layers of a block, in the order of the forward pass; each can carry an adapter.</summary>
public enum Projection
{
    /// <summary>q, k and v: [C, 3C].</summary>
    AttnCAttn,

    /// <summary>The heads' outputs back to the stream: [C, C].</summary>
    AttnCProj,

    /// <summary>Into the MLP: [C, 4C].</summary>
    MlpCFc,

    /// <summary>Out of the MLP: [4C, C].</summary>
    MlpCProj,
}
