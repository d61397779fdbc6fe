namespace LoraCollab.Federation.Exchange;

/// <summary>What a scheme makes the clients send in a round.</summary>
public enum Traffic
{
    /// <summary>Nothing: there is no aggregation.</summary>
    None,

    /// <summary>Adapters alone: a server mixes and sends one adapter back.</summary>
    Adapters,

    /// <summary>Every peer's adapter comes to every client, which scores and mixes them itself and reports its losses.</summary>
    AllAdapters,

    /// <summary>Every peer's adapter comes to every client, and of each pair the gradient of either goes to the other; both mix themselves.</summary>
    AdaptersAndGradients,

    /// <summary>As with adapters, but of each factor B alone.</summary>
    FactorsB,

    /// <summary>Adapters, and predictions on public text.</summary>
    AdaptersAndPredictions,
}
