namespace LoraCollab.Federation.Strategies;

/// <summary>
/// What a scheme may ask for when an aggregation is due. Everything beyond the adapters is computed, and its bytes and evaluations are counted, only if it is
/// asked for.
/// </summary>
public interface ITrustRound
{
    /// <summary>A token that is trained on costs about as much as this many that are only read.</summary>
    const double TrainingCost = 3;

    /// <summary>N: clients that take part. All that follows is of them alone, in the order of <see cref="Ids"/>.</summary>
    int Clients { get; }

    /// <summary>[N]: their numbers among all clients of the run, ascending: by these a scheme remembers them from round to round.</summary>
    IReadOnlyList<int> Ids => [.. Enumerable.Range(0, Clients)];

    /// <summary>Clients of the run, whether they take part or not.</summary>
    int Everyone => Clients;

    /// <summary>The first of all clients of the run that may listen to the same ones as client i: the number of the server that serves them.</summary>
    int Neighbourhood(int i) => Enumerable.Range(0, Clients).First(k => Enumerable.Range(0, Clients).All(j => Links(k, j) == Links(i, j)));

    /// <summary>True where the topology lets client i listen to client j; the same both ways.</summary>
    bool Links(int i, int j) => true;

    /// <summary>What the numbers of an adapter mean.</summary>
    AdapterShape Shape { get; }

    /// <summary>[N][parameters]: the clients' adapters now.</summary>
    IReadOnlyList<float[]> Adapters { get; }

    /// <summary>[N][parameters]: the clients' adapters after the last mix, before the first the initial ones.</summary>
    IReadOnlyList<float[]> Anchors { get; }

    /// <summary>[N][K]: token shares of every client over the categories; null where the data has no categories.</summary>
    IReadOnlyList<double[]>? Shares { get; }

    /// <summary>[N][parameters]: the adapters before training, the same for all unless each draws its own.</summary>
    IReadOnlyList<float[]> Initial { get; }

    /// <summary>[N]: training tokens each client holds.</summary>
    IReadOnlyList<long> TrainTokens { get; }

    /// <summary>Losses of every model on every client's trust-validation windows.</summary>
    TrustLosses ValidationLosses();

    /// <summary>[N][M]: mean loss in nats a token of each model on every client's text.</summary>
    /// <param name="models">[M][parameters].</param>
    double[][] Losses(IReadOnlyList<float[]> models, ClientText text);

    /// <summary>[M]: mean loss in nats a token of each model on the text of the client beside it.</summary>
    /// <param name="pairs">[M]: a client and a model [parameters].</param>
    double[] Losses(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text);

    /// <summary>[M][parameters]: gradient of that loss at the model, without dropout.</summary>
    /// <param name="pairs">[M]: a client and a model [parameters].</param>
    float[][] Gradients(IReadOnlyList<(int Client, float[] Model)> pairs, ClientText text);

    /// <summary>[N]: what every client predicts on the shared public positions.</summary>
    IReadOnlyList<TopPredictions> Predictions();

    /// <summary>What the frozen base predicts there; everybody has it, so nothing is sent.</summary>
    TopPredictions BasePredictions();
}

/// <summary>Which of a client's texts a model is judged by.</summary>
public enum ClientText
{
    /// <summary>Trust-validation, as scheme 2 reads it.</summary>
    TrustValidation,

    /// <summary>As much of the training text, from its beginning.</summary>
    Training,
}

/// <summary>Losses of every model on every client's trust-validation windows.</summary>
/// <param name="Mean">[N][N]: mean loss in nats a token of model j on client i's windows; NaN where a topology keeps j's model from i.</param>
/// <param name="DifferenceError">[N]: median over j ≠ i of the standard error of loss_ij − loss_ii over the windows; null where the windows differ from
/// cell to cell.</param>
public sealed record TrustLosses(double[][] Mean, double[]? DifferenceError);
