namespace LoraCollab.Engine.Lora;

/// <summary>Which projections of every block carry an adapter; bit p stands for <see cref="Projection"/> p.</summary>
[Flags]
public enum LoraTargets
{
    None = 0,
    AttnCAttn = 1 << Projection.AttnCAttn,
    AttnCProj = 1 << Projection.AttnCProj,
    MlpCFc = 1 << Projection.MlpCFc,
    MlpCProj = 1 << Projection.MlpCProj,

    /// <summary>The attention's two projections.</summary>
    Attention = AttnCAttn | AttnCProj,

    /// <summary>All four.</summary>
    All = Attention | MlpCFc | MlpCProj,
}
