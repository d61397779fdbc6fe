namespace LoraCollab.Engine.Lora;

/// <summary>The two factors of one adapted projection and their gradients: A [r, in], B [out, r]. All empty where the projection has no adapter.</summary>
public readonly record struct LoraFactors(View A, View B, View AGradient, View BGradient)
{
    public bool IsEmpty => A.IsEmpty;
}
