namespace LoraCollab.Federation.Strategies;

/// <summary>
/// A way to collaborate: how much each client should listen to each other, and, where it differs from a weighted mean, what the clients are sent and how they
/// train. It returns raw scores; masks, temperature and softmax stand in <see cref="TrustMatrix"/>. A new strategy is one file here, which derives from <see
/// cref="Strategy"/>, and one line in <see cref="StrategyRegistry"/>.
/// </summary>
public interface IStrategy
{
    /// <summary>What can be said of it before it runs.</summary>
    StrategyDeclaration Declared { get; }

    /// <summary>Its name on the command line and in files.</summary>
    string Name => Declared.Name;

    Traffic Traffic => Declared.Traffic;

    /// <summary>How its clients train.</summary>
    LocalRule Local { get; }

    /// <summary>What it reads in a round, for the plan and the progress.</summary>
    /// <param name="clients">N.</param>
    RoundCost Cost(int clients);

    /// <summary>True where a client's next adapter is Σ_j w_ij θ_j and nothing else, so that another W would have given another client.</summary>
    bool MixesByWeights { get; }

    /// <summary>Scores of all pairs from what the round offers.</summary>
    TrustScores Score(ITrustRound round);

    /// <summary>What the clients receive: θ_i ← Σ_j w_ij θ_j unless the strategy says otherwise. Called once a round, after <see cref="Score"/>.</summary>
    Mixed Mix(ITrustRound round, TrustMatrix trust);

    /// <summary>Takes a score apart.</summary>
    /// <param name="frame">The round, the clients and what was logged of them.</param>
    /// <exception cref="UserException">It cannot be, as with everything that is not <see cref="StrategyDeclaration.IsExplained"/>.</exception>
    TrustExplanation Explain(TrustExplanation frame, IExplainedPair pair);

    /// <summary>
    /// Of every client of the run: what is added to the base's weights under its adapter, in the order of <see cref="WeightCorrection.LayoutOf"/>, one array
    /// for clients with the same; null: nothing. Asked for after <see cref="Mix"/> and <see cref="Load"/>.
    /// </summary>
    IReadOnlyList<float[]?>? Corrections { get; }

    /// <summary>Adds what it remembers from round to round to a checkpoint; names begin with "method.".</summary>
    void Save(TensorBag bag);

    /// <summary>Takes it back; a bag without it is one from before the first aggregation.</summary>
    void Load(TensorBag bag);
}

/// <summary>What an aggregation gives back.</summary>
/// <param name="Received">[N][parameters]: what every client has received.</param>
public sealed record Mixed(float[][] Received)
{
    /// <summary>
    /// [K][parameters]: models sent to every client, which took its <see cref="Received"/> from among them; null where each was sent its own.
    /// </summary>
    public IReadOnlyList<float[]>? Broadcast { get; init; }

    /// <summary>[N]: what <see cref="LocalRule.Pull"/> is multiplied by for every client; null where it is the same for all.</summary>
    public float[]? Pull { get; init; }

    /// <summary>[N][..]: what every client is sent beside that, so that it can correct its weights; null: nothing.</summary>
    public IReadOnlyList<IReadOnlyList<float[]>>? Corrections { get; init; }
}

/// <summary>What a strategy reads in a round, so that a plan can add it up.</summary>
/// <param name="Readings">How often a client reads its own trust text, a gradient counted as <see cref="ITrustRound.TrainingCost"/> readings.</param>
/// <param name="JudgesPeers">Whether it also reads it once with every neighbour's adapter and with its own.</param>
/// <param name="PublicModels">How many models read the public text.</param>
public readonly record struct RoundCost(double Readings = 0, bool JudgesPeers = false, int PublicModels = 0);
