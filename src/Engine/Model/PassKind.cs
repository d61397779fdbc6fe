namespace LoraCollab.Engine.Model;

/// <summary>What a pass keeps for.</summary>
public enum PassKind
{
    /// <summary>Forward only: all blocks share one set of activations.</summary>
    Forward,

    /// <summary>Gradients of an adapter over a frozen base.</summary>
    Lora,

    /// <summary>Gradients of every parameter of a trainable model.</summary>
    Full,
}
