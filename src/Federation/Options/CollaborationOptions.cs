using System.Text.Json.Serialization;

namespace LoraCollab.Federation.Options;

/// <summary>
/// Everything that can change the result of a run, apart from data, tokenizer and model. A null is decided by <see cref="Compat"/> when a run is opened.
/// The defaults suit the model and the corpora that ship with the program.
/// </summary>
public sealed record CollaborationOptions
{
    // ---- what runs ----

    /// <summary>Names of <see cref="StrategyRegistry"/>, in the order they run.</summary>
    public IReadOnlyList<string> Schemes { get; init; } = ["local", "fedavg", "theoretical", "weights", "validation", "prediction"];

    public Compat Compat { get; init; } = Compat.Corrected;

    /// <summary>Seed of initial adapters, batches, dropout and all draws of trust.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Seed by which documents are dealt to clients and splits: the run's seed, or one for all runs (trap 29).</summary>
    public ulong? DataSeed { get; init; }

    // ---- length and batches ----

    /// <summary>AdamW steps of every client.</summary>
    public int Iterations { get; init; } = 120;

    /// <summary>Steps before the first aggregation.</summary>
    public int PretrainingRounds { get; init; } = 40;

    /// <summary>Steps between aggregations; the last step is always followed by one.</summary>
    public int TrustFrequency { get; init; } = 20;

    /// <summary>B: sequences of a micro-batch.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Micro-batches of a step.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>T.</summary>
    public int SequenceLength { get; init; } = 64;

    // ---- model and adapter ----

    /// <summary>r.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>α; ΔW = (α/r)·B·A.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>Scale by α/√r.</summary>
    public bool RankStabilised { get; init; }

    /// <summary>Chance that an input of an adapter is dropped in training.</summary>
    public double LoraDropout { get; init; } = 0.1;

    /// <summary>Which projections have adapters; null: the attention's, in the paper mode all.</summary>
    public LoraTargets? Targets { get; init; }

    /// <summary><see cref="PeftAdapter.Hash"/> of the adapter that every client starts from; null: a fresh one. Set where a run is opened.</summary>
    public string? Adapter { get; init; }

    /// <summary>Spread of a fresh A (trap 1).</summary>
    public LoraInitialisation? LoraInit { get; init; }

    /// <summary>Dropout of embedding, attention and residual branches; null: 0; trap 12 = paper fixes it at 0.2.</summary>
    public double? Dropout { get; init; }

    /// <summary>Form of GELU; null: as the model's config.json says (trap 13).</summary>
    public GeluForm? Gelu { get; init; }

    // ---- optimiser ----

    /// <summary>Largest learning rate of the OneCycle schedule: cosine, 2 % warm-up, from 1/100 of it, to 1/5 of it; null: 1e-2, in the paper mode 2e-3.</summary>
    public double? LearningRate { get; init; }

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.95;

    public double WeightDecay { get; init; } = 1e-3;

    /// <summary>Largest global norm of a gradient; null: not clipped.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>AdamW's moments after a mix (trap 15).</summary>
    public OptimizerStateRule OptimizerState { get; init; } = OptimizerStateRule.Keep;

    // ---- trust ----

    /// <summary>full, ring, star or regular:K.</summary>
    public string Topology { get; init; } = "full";

    /// <summary>τ of schemes 1, 2 and 3.</summary>
    public PerScheme Temperature { get; init; } = new();

    /// <summary>Scores at or below it are masked, but each row keeps its two best.</summary>
    public PerScheme Threshold { get; init; } = new();

    /// <summary>k: only the k best of each row take part, oneself counted.</summary>
    public int? Neighbours { get; init; }

    /// <summary>κ: every row's temperature is set so that exp(entropy) = κ.</summary>
    public double? EffectiveNeighbours { get; init; }

    /// <summary>Whom schemes 1 and 3 count as equal to oneself, a form of <see cref="SelfScore"/>; null: nearest where the form is a cosine (of weights nearest:0.92), else floor; in the paper mode scored.</summary>
    public string? Self { get; init; }

    /// <summary>Numbers of methods beside the six, by the keys of <see cref="MethodNumbers"/>; null: their defaults.</summary>
    public IReadOnlyDictionary<string, double>? Method { get; init; }

    /// <summary>FedAvg weighs clients by their training tokens.</summary>
    public bool FedAvgByTokens { get; init; }

    /// <summary>Scheme 1's cosine (trap 4).</summary>
    public WeightsForm? WeightsForm { get; init; }

    /// <summary>What scheme 1 compares (trap 4).</summary>
    public ScoreOn? ScoreOn { get; init; }

    /// <summary>Scheme 2's score (trap 5).</summary>
    public ValidationForm? ValidationForm { get; init; }

    /// <summary>Scheme 3's distance (trap 9).</summary>
    public PredictionForm? PredictionForm { get; init; }

    /// <summary>Which positions scheme 3 compares: last, all or a number (trap 8); null: 512.</summary>
    public string? PredictionPositions { get; init; }

    /// <summary>k of scheme 3; a smaller vocabulary lowers it.</summary>
    public int PredictionK { get; init; } = 100;

    /// <summary>Public batches of B windows that scheme 3 draws each round.</summary>
    public int PublicBatches { get; init; } = 4;

    /// <summary>Batches of B windows that scheme 2 evaluates a pair on, at most: a split with no more windows is read whole.</summary>
    public int TrustBatches { get; init; } = 12;

    /// <summary>Batches of B windows drawn for an evaluation where it is random (trap 18 = paper).</summary>
    public int EvaluationBatches { get; init; } = 12;

    /// <summary>
    /// n: at all aggregations but the last, clients are measured on every n-th window of their report text. The curve between them needs no more, and measuring
    /// costs as much as training otherwise.
    /// </summary>
    public int CurveEvery { get; init; } = 4;

    /// <summary>Whose bytes the ledger counts.</summary>
    public ExchangeModel Exchange { get; init; } = ExchangeModel.Server;

    // ---- uploads ----

    /// <summary>A codec of <see cref="UploadCodecs"/>; null: float32.</summary>
    public string? Upload { get; init; }

    /// <summary>C: L2 norm to which a client's change since its last received adapter is clipped before it is sent; null: no privacy.</summary>
    public double? DpClip { get; init; }

    /// <summary>σ: Gaussian noise of standard deviation σ·C is added to every number of the clipped change.</summary>
    public double? DpNoise { get; init; }

    /// <summary>δ for which ε is reported; null with <see cref="DpClip"/>: 1e-5.</summary>
    public double? DpDelta { get; init; }

    /// <summary>False: no upload is checked; null: all are.</summary>
    public bool? UploadCheck { get; init; }

    /// <summary>K: how many times the round's median norm a client's change may have; null: <see cref="Federation.UploadCheck.DefaultNorm"/>.</summary>
    public double? UploadNorm { get; init; }

    /// <summary>What becomes of a run with a bad upload; null: it stops.</summary>
    public BadUploadRule? OnBadUpload { get; init; }

    // ---- clients that fail ----

    /// <summary>The share of clients that is drawn anew for every round to be silent; null: nobody is.</summary>
    public double? Absent { get; init; }

    /// <summary>A form of <see cref="Federation.Attack"/>; null: everybody is honest.</summary>
    public string? Attack { get; init; }

    /// <summary>The last how many clients attack; null with <see cref="Attack"/>: 1.</summary>
    public int? Attackers { get; init; }

    /// <summary>True after <paramref name="iteration"/> steps where the clients mix: first after <see cref="PretrainingRounds"/>, then every <see cref="TrustFrequency"/>, and after the last step.</summary>
    public bool AggregatesAfter(int iteration) => iteration >= 1 && iteration >= PretrainingRounds
        && ((iteration - PretrainingRounds) % TrustFrequency == 0 || iteration == Iterations);

    /// <summary>The steps after which the clients mix, ascending.</summary>
    public IEnumerable<int> Aggregations() => Enumerable.Range(1, Iterations).Where(AggregatesAfter);

    /// <summary>Of the report text, one window in how many is read after <paramref name="iteration"/> steps: the base and the last aggregation read all.</summary>
    public int WindowsEvery(int iteration) => iteration == 0 || iteration == Iterations ? 1 : CurveEvery;

    /// <summary>Steps that no aggregation precedes: all schemes share them.</summary>
    [JsonIgnore]
    public int SharedIterations => Aggregations().First();

    /// <summary>The distribution as data partitioning knows it: "mixed" becomes the published "mixed-paper" where traps 22 (three categories) or 27 (two) ask for it.</summary>
    public string DistributionFor(string distribution, int categories) =>
        distribution == "mixed" && ((categories == 3 && Compat.IsPaper(Trap.WikiMixedShares)) || (categories == 2 && Compat.IsPaper(Trap.CodesMixedShares)))
            ? "mixed-paper" : distribution;

    /// <summary>The form of every adapter of a run under these options, resolved.</summary>
    public LoraOptions AdapterForm() => new()
    {
        Rank = Rank,
        Alpha = Alpha,
        Dropout = (float)LoraDropout,
        Targets = Targets!.Value,
        RankStabilised = RankStabilised,
    };
}
