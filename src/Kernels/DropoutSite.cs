namespace LoraCollab.Kernels;

/// <summary>The places where GPT-2 with LoRA drops: high half of a <see cref="DropoutMask.Site"/>; the layer is the low half.</summary>
public enum DropoutSite : uint
{
    Embedding = 1,
    Attention = 2,
    AttentionResidual = 3,
    MlpResidual = 4,
    LoraAttention = 5,
    LoraAttentionProjection = 6,
    LoraMlpExpansion = 7,
    LoraMlpProjection = 8,
}
