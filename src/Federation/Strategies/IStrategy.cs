namespace LoraCollab.Federation.Strategies;

/// <summary>
/// A way to collaborate: how much each client should listen to each other, and, where it differs from a weighted mean, what the clients are sent and how they
/// train. A scheme returns raw scores; masks, temperature and softmax stand in <see cref="TrustMatrix"/>. A new scheme is one file here and one line in <see
/// cref="StrategyRegistry"/>.
/// </summary>
public interface IStrategy
{
    /// <summary>Its name on the command line and in files.</summary>
    string Name { get; }

    /// <summary>What travels, which the ledger counts.</summary>
    Traffic Traffic { get; }

    /// <summary>How its clients train.</summary>
    LocalRule Local => LocalRule.Plain;

    /// <summary>How many times a client reads its trust text in a round beyond what <see cref="Exchange"/> says: for the plan and the progress.</summary>
    /// <param name="clients">N.</param>
    double Readings(int clients) => 0;

    /// <summary>True where a client's next adapter is Σ_j w_ij θ_j and nothing else, so that another W would have given another client.</summary>
    bool MixesByWeights => Local is { KeepsOwn: false, TrainsShared: false };

    /// <summary>Scores of all pairs from what the round offers.</summary>
    TrustScores Score(ITrustRound round);

    /// <summary>What the clients receive: θ_i ← Σ_j w_ij θ_j unless the scheme says otherwise. Called once a round, after <see cref="Score"/>.</summary>
    Mixed Mix(ITrustRound round, TrustMatrix trust) => new(AdapterMixer.Mix(round.Adapters, trust));

    /// <summary>
    /// Of every client of the run: what is added to the base's weights under its adapter, in the order of <see cref="WeightCorrection.LayoutOf"/>, one array
    /// for clients with the same; null: nothing. Asked for after <see cref="Mix"/> and <see cref="Load"/>.
    /// </summary>
    IReadOnlyList<float[]?>? Corrections => null;

    /// <summary>Adds what it remembers from round to round to a checkpoint; names begin with "method.".</summary>
    void Save(TensorBag bag) { }

    /// <summary>Takes it back; a bag without it is one from before the first aggregation.</summary>
    void Load(TensorBag bag) { }
}
