namespace LoraCollab.Engine.Model;

/// <summary>The masks of one micro-batch: rates and the counters every mask is a function of. The default draws nothing.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">Number of the micro-batch since the start of training.</param>
/// <param name="Client">Number of the client.</param>
public readonly record struct DropoutDraw(DropoutRates Rates, ulong Seed, uint Step, uint Client)
{
    public static DropoutDraw None => default;

    public DropoutMask Embedding => At(Rates.Embedding, DropoutSite.Embedding, 0);

    public DropoutMask Attention(int layer) => At(Rates.Attention, DropoutSite.Attention, layer);

    public DropoutMask AttentionResidual(int layer) => At(Rates.Residual, DropoutSite.AttentionResidual, layer);

    public DropoutMask MlpResidual(int layer) => At(Rates.Residual, DropoutSite.MlpResidual, layer);

    public DropoutMask Lora(Projection projection, int layer) => At(Rates.Lora, projection.Site(), layer);

    private DropoutMask At(float rate, DropoutSite site, int layer) => new(rate, Seed, Step, Client, (uint)site << 16 | (uint)layer);
}

/// <summary>
/// Chances of being dropped in training: after the embedding, on attention weights, on what a block adds to the stream, and on an adapter's input.
/// </summary>
public readonly record struct DropoutRates(float Embedding, float Attention, float Residual, float Lora)
{
    public static DropoutRates None => default;

    /// <summary>One rate for the model's own three places, one for the adapter.</summary>
    public static DropoutRates Of(float model, float lora) => new(model, model, model, lora);
}
