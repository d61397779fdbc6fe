namespace LoraCollab.Federation.Exchange;

/// <summary>What travels.</summary>
public enum Payload
{
    /// <summary>An adapter: up as its codec encodes it, down float32.</summary>
    Adapter,

    /// <summary>k token ids and k float32 values a position.</summary>
    Predictions,

    /// <summary>One float32 for every model a client evaluated.</summary>
    Losses,

    /// <summary>AdamW's two moments of every number of an adapter, float32.</summary>
    Moments,

    /// <summary>As many numbers as an adapter has, float32.</summary>
    Gradient,

    /// <summary>What corrects a client's weights: other clients' adapters or the correction itself, float32.</summary>
    Correction,
}
