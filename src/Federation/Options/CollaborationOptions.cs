using System.Text.Json.Serialization;

namespace LoraCollab.Federation.Options;

/// <summary>
/// Everything that can change the result of a run, apart from data, tokenizer and model. A null is decided by <see cref="Compat"/> when a run is opened.
/// The defaults suit the model and the corpora that ship with the program.
/// </summary>
public sealed record CollaborationOptions
{
    private readonly int? _pretrainingRounds, _trustFrequency;

    // ---- what runs ----

    /// <summary>Names of StrategyRegistry, in the order they run.</summary>
    [Option("schemes", OptionGroup.Trust, "Which methods: docs/methods.md lists them.", Value = "A,B,C", Also = ["scheme"], Common = true)]
    public IReadOnlyList<string> Schemes { get; init; } = ["local", "fedavg", "theoretical", "weights", "validation", "prediction"];

    [Option("compat", OptionGroup.Training, "corrected (what the paper means) or paper (what its code did): a preset of option values and of what no option "
        + "says.", Value = "MODE")]
    public Compat Compat { get; init; } = Compat.Corrected;

    /// <summary>N=paper or N=corrected: single differences between the modes. They become part of <see cref="Compat"/>.</summary>
    [Option("trap", OptionGroup.Training, "Switch single differences between the modes, such as 5=paper 8=paper.", Value = "N=MODE")]
    [JsonIgnore]
    public string[] Traps
    {
        get => [];
        init => Compat = value.Aggregate(Compat, (compat, trap) => compat.With(trap));
    }

    /// <summary>Seed of initial adapters, batches, dropout and all draws of trust.</summary>
    [SeedOption(Common = true)]
    public ulong Seed { get; init; } = 1;

    /// <summary>Seed by which documents are dealt to clients and splits: the run's seed, or one for all runs (trap 29).</summary>
    [Option("data-seed", OptionGroup.Data, "Seed by which documents are written and dealt.", Default = "the run's seed")]
    public ulong? DataSeed { get; init; }

    // ---- length and batches ----

    /// <summary>AdamW steps of every client.</summary>
    [IterationsOption]
    public int Iterations { get; init; } = 120;

    /// <summary>Steps before the first aggregation.</summary>
    [Option("pretraining-rounds", OptionGroup.Training, "Iterations before the first aggregation.", Least = 0, Default = "a third of the iterations")]
    public int PretrainingRounds { get => _pretrainingRounds ?? Math.Max(1, Iterations / 3); init => _pretrainingRounds = value; }

    /// <summary>Steps between aggregations; the last step is always followed by one.</summary>
    [Option("trust-freq", OptionGroup.Training, "Iterations between aggregations; the last iteration is always followed by one.", Least = 1,
        Default = "a sixth of the iterations")]
    public int TrustFrequency { get => _trustFrequency ?? Math.Max(1, Iterations / 6); init => _trustFrequency = value; }

    /// <summary>B: sequences of a micro-batch.</summary>
    [BatchSizeOption]
    public int BatchSize { get; init; } = 4;

    /// <summary>Micro-batches of a step.</summary>
    [AccumulationOption]
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>T.</summary>
    [SequenceLengthOption]
    public int SequenceLength { get; init; } = 64;

    // ---- model and adapter ----

    /// <summary>r.</summary>
    [RankOption]
    public int Rank { get; init; } = 4;

    /// <summary>α; ΔW = (α/r)·B·A.</summary>
    [AlphaOption]
    public double Alpha { get; init; } = 32;

    /// <summary>Scale by α/√r.</summary>
    [Option("rslora", OptionGroup.Adapter, "Scale adapters by alpha / sqrt(rank).")]
    public bool RankStabilised { get; init; }

    /// <summary>Chance that an input of an adapter is dropped in training.</summary>
    [LoraDropoutOption]
    public double LoraDropout { get; init; } = 0.1;

    /// <summary>Which projections have adapters; null: the attention's, in the paper mode all.</summary>
    [TargetsOption(Default = "attn")]
    public LoraTargets? Targets { get; init; }

    /// <summary><see cref="PeftAdapter.Hash"/> of the adapter that every client starts from; null: a fresh one. Set where a run is opened.</summary>
    public string? Adapter { get; init; }

    /// <summary>Spread of a fresh A (trap 1).</summary>
    [Option("lora-init", OptionGroup.Adapter, "Spread of a fresh A: inputs (1/sqrt(in)) or rank (1/sqrt(r)).", Default = "inputs")]
    public LoraInitialisation? LoraInit { get; init; }

    /// <summary>Dropout of embedding, attention and residual branches; null: 0; trap 12 = paper fixes it at 0.2.</summary>
    [DropoutOption(Default = "0")]
    public double? Dropout { get; init; }

    /// <summary>Form of GELU; null: as the model's config.json says (trap 13).</summary>
    [Option("gelu", OptionGroup.Training, "Form of the model's GELU: tanh or erf.", Default = "as its config.json says")]
    public GeluForm? Gelu { get; init; }

    // ---- optimiser ----

    /// <summary>
    /// Largest learning rate of the OneCycle schedule: cosine, 2 % warm-up, from 1/100 of it, to 1/5 of it; null: 1e-2, in the paper mode 2e-3.
    /// </summary>
    [LearningRateOption(Default = "0.01")]
    public double? LearningRate { get; init; }

    [Option("beta1", OptionGroup.Training, "AdamW's decay of the first moment.", Least = 0, Most = 1, BelowMost = true)]
    public double Beta1 { get; init; } = 0.9;

    [Option("beta2", OptionGroup.Training, "AdamW's decay of the second moment.", Least = 0, Most = 1, BelowMost = true)]
    public double Beta2 { get; init; } = 0.95;

    [WeightDecayOption]
    public double WeightDecay { get; init; } = 1e-3;

    /// <summary>Largest global norm of a gradient; null: not clipped.</summary>
    [Option("clip", OptionGroup.Training, "Largest global norm of a gradient.", Least = 0, AboveLeast = true, Default = "not clipped")]
    public double? ClipNorm { get; init; }

    /// <summary>AdamW's moments after a mix (trap 15).</summary>
    [Option("optimizer-state", OptionGroup.Training, "AdamW's moments after a mix: keep, reset, aggregate.")]
    public OptimizerStateRule OptimizerState { get; init; } = OptimizerStateRule.Keep;

    // ---- trust ----

    /// <summary>full, ring, star or regular:K.</summary>
    [Option("topology", OptionGroup.Trust, "Who may listen to whom: full, ring, star, regular:K.", Value = "NAME")]
    public string Topology { get; init; } = "full";

    /// <summary>τ of schemes 1, 2 and 3.</summary>
    [TemperatureOption(OptionGroup.Trust, Reader = typeof(PerScheme),
        Default = "weights=0.02,validation=0.05,prediction=0.1; 0.2 for prediction in the forms js and l1")]
    public PerScheme Temperature { get; init; } = new();

    /// <summary>Scores at or below it are masked, but each row keeps its two best.</summary>
    [Option("threshold", OptionGroup.Trust, "Scores at or below it are masked, but each row keeps its two best; also weights=X,validation=Y,prediction=Z.",
        Value = "X", Default = "none")]
    public PerScheme Threshold { get; init; } = new();

    /// <summary>k: only the k best of each row take part, oneself counted.</summary>
    [Option("neighbours", OptionGroup.Trust, "Only the K best of each row take part, oneself counted.", Value = "K", Least = 1, Default = "all")]
    public int? Neighbours { get; init; }

    /// <summary>κ: every row's temperature is set so that exp(entropy) = κ.</summary>
    [Option("effective-neighbours", OptionGroup.Trust, "Choose every row's temperature so that exp(entropy) of its trust is X.", Least = 1, Default = "off")]
    public double? EffectiveNeighbours { get; init; }

    /// <summary>
    /// Whom schemes 1 and 3 count as equal to oneself, a form of <see cref="SelfScore"/>; null: nearest where the form is a cosine (of weights nearest:0.92),
    /// else floor; in the paper mode scored.
    /// </summary>
    [Option("self", OptionGroup.Trust, "Who counts as equal to oneself in weights and prediction: scored (nobody), floor (the nearest other; floor:X whoever "
        + "is "
        + "within X), nearest (in each row the nearest and whoever is hardly farther, nearest:X none beyond X), fixed:X (a given score); or "
        + "weights=FORM,prediction=FORM.", Value = "FORM", Default =
            "weights=nearest:0.92,prediction=nearest; floor where a form is no cosine (rowwise, js, l1)")]
    public string? Self { get; init; }

    /// <summary>Numbers of methods beside the six, by the keys of <see cref="MethodNumbers"/>; null: their defaults.</summary>
    [Option("method", OptionGroup.Trust, "Numbers of methods beside the six, such as fedprox.mu=0.1; several with commas: docs/methods.md.", Value = "KEY=X",
        Reader = typeof(NumbersByKey))]
    public IReadOnlyDictionary<string, double>? Method { get; init; }

    /// <summary>A key of runs of earlier versions, in which fedavg could weigh clients by their training tokens.</summary>
    /// <exception cref="OptionException">It did.</exception>
    [JsonInclude]
    private bool FedAvgByTokens
    {
        init
        {
            if (value) throw new OptionException("fedavg-by-tokens", null, "a run of an earlier version weighed clients by tokens; fedavg_tokens does so now");
        }
    }

    /// <summary>Scheme 1's cosine (trap 4).</summary>
    [Option("weights-form", OptionGroup.Trust, "The cosine of scheme weights: update (of the effective updates), rowwise, flat.", Value = "FORM",
        Default = "update")]
    public WeightsForm? WeightsForm { get; init; }

    /// <summary>What scheme 1 compares (trap 4).</summary>
    [Option("score-on", OptionGroup.Trust, "What scheme weights compares: round (what was learnt since the last mix) or adapter.", Value = "WHAT",
        Default = "adapter")]
    public ScoreOn? ScoreOn { get; init; }

    /// <summary>Scheme 2's score (trap 5).</summary>
    [Option("validation-form", OptionGroup.Trust, "The score of scheme validation: loss or perplexity, negated.", Value = "FORM", Default = "loss")]
    public ValidationForm? ValidationForm { get; init; }

    /// <summary>Scheme 3's distance (trap 9).</summary>
    [Option("prediction-form", OptionGroup.Trust, "How scheme prediction compares: change (1 - cosine of what training changed from the base), js (root of "
        + "Jensen-Shannon) or l1 (of logits).", Value = "FORM", Default = "change")]
    public PredictionForm? PredictionForm { get; init; }

    /// <summary>Which positions scheme 3 compares: last, all or a number (trap 8); null: 512.</summary>
    [Option("prediction-positions", OptionGroup.Trust, "Positions of public text that scheme prediction compares: a number, last, all.", Value = "N",
        Default = "512")]
    public string? PredictionPositions { get; init; }

    /// <summary>k of scheme 3; a smaller vocabulary lowers it.</summary>
    [Option("prediction-k", OptionGroup.Trust, "Most probable tokens that are sent per position in scheme prediction.", Value = "K", Least = 1)]
    public int PredictionK { get; init; } = 100;

    /// <summary>Public batches of B windows that scheme 3 draws each round.</summary>
    [Option("public-batches", OptionGroup.Trust, "Public batches that scheme prediction draws each round.", Least = 1)]
    public int PublicBatches { get; init; } = 4;

    /// <summary>Batches of B windows that scheme 2 evaluates a pair on, at most: a split with no more windows is read whole.</summary>
    [Option("trust-batches", OptionGroup.Trust, "Batches on which scheme validation judges a peer; a shorter text is read whole.", Least = 1)]
    public int TrustBatches { get; init; } = 12;

    /// <summary>Batches of B windows drawn for an evaluation where it is random (trap 18 = paper).</summary>
    [Option("evaluation-batches", OptionGroup.Output, "Batches of an evaluation where it is random (trap 18 = paper).", Least = 1)]
    public int EvaluationBatches { get; init; } = 12;

    /// <summary>
    /// n: at all aggregations but the last, clients are measured on every n-th window of their report text. The curve between them needs no more, and measuring
    /// costs as much as training otherwise.
    /// </summary>
    [Option("curve-every", OptionGroup.Output,
        "Before the last aggregation clients are measured on every Nth window of their report text; 1: always on all of it. "
        + "Not where evaluation is random (trap 18 = paper).", Least = 1)]
    public int CurveEvery { get; init; } = 4;

    /// <summary>Whose bytes the ledger counts.</summary>
    [Option("exchange", OptionGroup.Upload, "Whose bytes the ledger counts: server or peers.")]
    public ExchangeModel Exchange { get; init; } = ExchangeModel.Server;

    // ---- uploads ----

    /// <summary>A codec of <see cref="UploadCodecs"/>; null: float32.</summary>
    [Option("upload", OptionGroup.Upload, "How an adapter is sent: float32, float16, int8 (a scale for each row), topk:SHARE (the largest changes, the rest "
        + "later).",
        Value = "FORM", Default = "float32")]
    public string? Upload { get; init; }

    /// <summary>C: L2 norm to which a client's change since its last received adapter is clipped before it is sent; null: no privacy.</summary>
    [Option("dp-clip", OptionGroup.Upload, "Differential privacy: clip what a client changed since its last received adapter to this L2 norm.", Value = "C",
        Least = 0, AboveLeast = true, Default = "off")]
    public double? DpClip { get; init; }

    /// <summary>σ: Gaussian noise of standard deviation σ·C is added to every number of the clipped change.</summary>
    [Option("dp-noise", OptionGroup.Upload, "With dp-clip: add Gaussian noise of X times the clipping norm to every number sent.", Least = 0)]
    public double? DpNoise { get; init; }

    /// <summary>δ for which ε is reported; null with <see cref="DpClip"/>: 1e-5.</summary>
    [Option("dp-delta", OptionGroup.Upload, "With dp-clip: the delta for which epsilon is reported.", Least = 0, AboveLeast = true, Most = 1, BelowMost = true,
        Default = "1e-5")]
    public double? DpDelta { get; init; }

    /// <summary>False: no upload is checked; null: all are.</summary>
    [Option("upload-check", OptionGroup.Upload, "Check every upload before it counts: finite, and its change within upload-norm; on or off.", Value = "ON",
        Choices = ["on:True", "off:False"], Default = "on")]
    public bool? UploadCheck { get; init; }

    /// <summary>K: how many times the round's median norm a client's change may have; null: <see cref="Federation.UploadCheck.DefaultNorm"/>.</summary>
    [Option("upload-norm", OptionGroup.Upload, "How many times the round's median norm a client's change may have.", Value = "K", Least = 1, AboveLeast = true,
        Default = "10")]
    public double? UploadNorm { get; init; }

    /// <summary>What becomes of a run with a bad upload; null: it stops.</summary>
    [Option("on-bad-upload", OptionGroup.Upload, "A bad upload: stop (the run, naming the client) or exclude (go on without the client).", Value = "RULE",
        Default = "stop")]
    public BadUploadRule? OnBadUpload { get; init; }

    // ---- clients that fail ----

    /// <summary>The share of clients that is drawn anew for every round to be silent; null: nobody is.</summary>
    [Option("absent", OptionGroup.Upload, "In every round this share of the clients, drawn anew, is silent: it neither sends nor receives, and trains on.",
        Value = "SHARE", Least = 0, AboveLeast = true, Most = 1, BelowMost = true, Default = "none")]
    public double? Absent { get; init; }

    /// <summary>A form of <see cref="Federation.Attack"/>; null: everybody is honest.</summary>
    [Option("attack", OptionGroup.Upload, "Clients that do harm: nan, scale:X (their change times X), signflip, noise:X (in its place noise of X times its "
        + "norm), "
        + "shifted-text.", Value = "FORM", Default = "none")]
    public string? Attack { get; init; }

    /// <summary>The last how many clients attack; null with <see cref="Attack"/>: 1.</summary>
    [Option("attackers", OptionGroup.Upload, "With attack: the last how many clients do.", Least = 1, Default = "1")]
    public int? Attackers { get; init; }

    /// <summary>
    /// True after <paramref name="iteration"/> steps where the clients mix: first after <see cref="PretrainingRounds"/>, then every <see
    /// cref="TrustFrequency"/>, and after the last step.
    /// </summary>
    public bool AggregatesAfter(int iteration) => iteration >= 1 && iteration >= PretrainingRounds
        && ((iteration - PretrainingRounds) % TrustFrequency == 0 || iteration == Iterations);

    /// <summary>The steps after which the clients mix, ascending.</summary>
    public IEnumerable<int> Aggregations() => Enumerable.Range(1, Iterations).Where(AggregatesAfter);

    /// <summary>
    /// Of the report text, one window in how many is read after <paramref name="iteration"/> steps: the base and the last aggregation read all.
    /// </summary>
    public int WindowsEvery(int iteration) => iteration == 0 || iteration == Iterations ? 1 : CurveEvery;

    /// <summary>Steps that no aggregation precedes: all schemes share them.</summary>
    [JsonIgnore]
    public int SharedIterations => Aggregations().First();

    /// <summary>
    /// The distribution as data partitioning knows it: "mixed" becomes the published "mixed-paper" where traps 22 (three categories) or 27 (two) ask for it.
    /// </summary>
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
