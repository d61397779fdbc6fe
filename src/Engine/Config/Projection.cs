namespace LoraCollab.Engine.Config;

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
