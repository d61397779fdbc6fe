namespace LoraCollab.Federation.Trust;

/// <summary>What stands between raw scores and weights; the order is topology, threshold, top-k, softmax.</summary>
/// <param name="Topology">Who may listen to whom.</param>
public sealed record TrustRule(Topology Topology)
{
    /// <summary>τ of the softmax.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Scores at or below it are masked, but each row keeps its two best.</summary>
    public double? Threshold { get; init; }

    /// <summary>k: only the k best of a row take part, oneself counted.</summary>
    public int? Neighbours { get; init; }

    /// <summary>κ: where set, τ is chosen for every row so that exp(entropy of the row) = κ, and <see cref="Temperature"/> is not used.</summary>
    public double? EffectiveNeighbours { get; init; }

    /// <summary>What the options say for one scheme.</summary>
    internal static TrustRule Of(CollaborationOptions options, string scheme, Topology topology) => new(topology)
    {
        Temperature = options.Temperature.Of(scheme) ?? 1,
        Threshold = options.Threshold.Of(scheme),
        Neighbours = options.Neighbours,
        EffectiveNeighbours = options.EffectiveNeighbours,
    };
}
