namespace LoraCollab.Federation.Analysis;

/// <summary>Trust of given adapters on given batches, without any mask.</summary>
/// <param name="Scores">[N][N]: raw scores, before the temperature.</param>
/// <param name="Trust">[N][N]: softmax of their rows.</param>
public sealed record TrustProbeResult(double[][] Scores, double[][] Trust)
{
    /// <summary>[N][N]: mean loss of model j on text i, in nats.</summary>
    public double[][]? Loss { get; init; }

    /// <summary>[N][N]: distance of the predictions; of the L1 forms the sum of absolute differences a window.</summary>
    public double[][]? Distance { get; init; }

    public string ToJson() => RunJson.File(this);

    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToJson());
}
