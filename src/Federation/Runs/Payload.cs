namespace LoraCollab.Federation;

/// <summary>What travels.</summary>
public enum Payload
{
    /// <summary>All numbers of an adapter, float32.</summary>
    Adapter,

    /// <summary>k token ids and k float32 values a position.</summary>
    Predictions,

    /// <summary>One float32 for every model a client evaluated.</summary>
    Losses,
}
