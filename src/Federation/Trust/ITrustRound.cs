namespace LoraCollab.Federation;

/// <summary>
/// What a scheme may ask for when an aggregation is due. Everything beyond the adapters is computed, and its bytes and evaluations are counted, only if it is asked for.
/// </summary>
public interface ITrustRound
{
    /// <summary>N.</summary>
    int Clients { get; }

    /// <summary>What the numbers of an adapter mean.</summary>
    AdapterShape Shape { get; }

    /// <summary>[N][parameters]: the clients' adapters now.</summary>
    IReadOnlyList<float[]> Adapters { get; }

    /// <summary>[N][parameters]: the clients' adapters after the last mix, before the first the initial ones.</summary>
    IReadOnlyList<float[]> Anchors { get; }

    /// <summary>[N][K]: token shares of every client over the categories; null where the data has no categories.</summary>
    IReadOnlyList<double[]>? Shares { get; }

    /// <summary>[N]: training tokens each client holds.</summary>
    IReadOnlyList<long> TrainTokens { get; }

    /// <summary>Losses of every model on every client's trust-validation windows.</summary>
    TrustLosses ValidationLosses();

    /// <summary>[N]: what every client predicts on the shared public positions.</summary>
    IReadOnlyList<TopPredictions> Predictions();
}
