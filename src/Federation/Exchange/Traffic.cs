namespace LoraCollab.Federation.Exchange;

/// <summary>What travels in a round of a strategy: from this the ledger is derived.</summary>
[Flags]
public enum Traffic
{
    /// <summary>Nothing: there is no aggregation.</summary>
    None = 0,

    /// <summary>Every client's adapter goes up, and a mixed one comes back. Where A is frozen both are factors B alone.</summary>
    Adapters = 1,

    /// <summary>Every neighbour's adapter comes to every client, which mixes them itself.</summary>
    PeerAdapters = 2,

    /// <summary>Every client reports the losses of the models that it has judged.</summary>
    Losses = 4,

    /// <summary>Every client sends what it predicts on public text.</summary>
    Predictions = 8,

    /// <summary>Of each pair the gradient of either goes to the other.</summary>
    Gradients = 16,

    /// <summary>Beside a mixed adapter comes what corrects the weights under it.</summary>
    Corrections = 32,

    /// <summary>In place of a mixed adapter all of the server's models come to every client, which takes one.</summary>
    ServerModels = 64,
}
