namespace LoraCollab.Engine.Model;

/// <summary>
/// Chances of being dropped in training: after the embedding, on attention weights, on what a block adds to the stream, and on an adapter's input.
/// </summary>
public readonly record struct DropoutRates(float Embedding, float Attention, float Residual, float Lora)
{
    public static DropoutRates None => default;

    /// <summary>One rate for the model's own three places, one for the adapter.</summary>
    public static DropoutRates Of(float model, float lora) => new(model, model, model, lora);
}
