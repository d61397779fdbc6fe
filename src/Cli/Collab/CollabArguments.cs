using CommandLine;

namespace LoraCollab.Cli.Collab;

/// <summary>The options of `collab`, which the commands that repeat it share.</summary>
internal abstract class CollabArguments
    : Command, ISourceOptions, ITrainingOptions, IAdapterOption, ILoraOptions, ITrustOptions,
        IUploadOptions, ISeedOption, IBackendOptions, IRunFolderOptions
{
    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }
    public string? Distribution { get; set; }
    public string? Clients { get; set; }

    [Option("schemes", MetaValue = "A,B,C", HelpText = "Which methods to run; docs/methods.md lists them. Default: local,fedavg,theoretical,weights,validation,prediction.")]
    public string? Schemes { get; set; }

    [Option("comparators", MetaValue = "A,B", HelpText = "Also train without collaboration, for comparison: pooled_category, pooled_all, pooled_all_epochs (N times the steps), "
        + "local_with_trust_text, local_with_public_text, fedavg_finetuned. Default: none.")]
    public string? Comparators { get; set; }

    public string? Iterations { get; set; }

    [Option("pretraining-rounds", MetaValue = "N", HelpText = "Iterations before the first aggregation. Default: a third of the run.")]
    public string? PretrainingRounds { get; set; }

    [Option("trust-freq", MetaValue = "N", HelpText = "Iterations between aggregations; the last iteration is always followed by one. Default: a sixth of the run.")]
    public string? TrustFreq { get; set; }

    public string? BatchSize { get; set; }
    public string? AccSteps { get; set; }
    public string? SequenceLength { get; set; }
    public string? Lr { get; set; }
    public string? Dropout { get; set; }
    public string? Adapter { get; set; }
    public string? Rank { get; set; }
    public string? Alpha { get; set; }
    public string? LoraDropout { get; set; }
    public string? Targets { get; set; }
    public string? Temperature { get; set; }
    public string? Threshold { get; set; }
    public string? Neighbours { get; set; }
    public string? EffectiveNeighbours { get; set; }
    public string? Topology { get; set; }
    public string? Self { get; set; }
    public string? Method { get; set; }
    public string? WeightsForm { get; set; }
    public string? ScoreOn { get; set; }
    public string? ValidationForm { get; set; }
    public string? PredictionForm { get; set; }
    public string? PredictionK { get; set; }
    public string? PredictionPositions { get; set; }
    public string? PublicBatches { get; set; }
    public string? TrustBatches { get; set; }

    [Option("curve-every", MetaValue = "N", HelpText = "Before the last aggregation clients are measured on every Nth window of their report text; "
        + "1: always on all of it. Not where evaluation is random (trap 18 = paper). Default: 4.")]
    public string? CurveEvery { get; set; }

    [Option("fedavg-by-tokens", HelpText = "FedAvg weighs clients by their training tokens.")]
    public bool FedAvgByTokens { get; set; }

    [Option("exchange", MetaValue = "NAME", HelpText = "Whose bytes the ledger counts: server or peers. Default: server.")]
    public string? Exchange { get; set; }

    public string? Upload { get; set; }
    public string? DpClip { get; set; }
    public string? DpNoise { get; set; }
    public string? DpDelta { get; set; }
    public string? UploadCheck { get; set; }
    public string? UploadNorm { get; set; }
    public string? OnBadUpload { get; set; }
    public string? Absent { get; set; }
    public string? Attack { get; set; }
    public string? Attackers { get; set; }

    [Option("pretraining-text", MetaValue = "WHAT", HelpText = "What the model was pretrained on, named as for --data: the result is marked with the share of documents that also stand in it. "
        + "Default: not checked.")]
    public string? PretrainingText { get; set; }

    [Option("compat", MetaValue = "MODE", HelpText = "corrected (what the paper means) or paper (what its code did). Default: corrected.")]
    public string? Compat { get; set; }

    [Option("trap", MetaValue = "N=MODE", HelpText = "Switch single differences between the modes, such as 5=paper 8=paper.")]
    public IEnumerable<string> Trap { get; set; } = [];

    [Option("lora-init", MetaValue = "FORM", HelpText = "Spread of a fresh A: inputs (1/sqrt(in)) or rank (1/sqrt(r)). Default: inputs.")]
    public string? LoraInit { get; set; }

    [Option("rslora", HelpText = "Scale adapters by alpha / sqrt(rank).")]
    public bool RsLora { get; set; }

    [Option("weight-decay", MetaValue = "X", HelpText = "AdamW's weight decay. Default: 0.1 for pretrain, 0.001 for adapters.")]
    public string? WeightDecay { get; set; }

    [Option("clip", MetaValue = "X", HelpText = "Largest global norm of a gradient. Default: not clipped.")]
    public string? Clip { get; set; }

    [Option("optimizer-state", MetaValue = "RULE", HelpText = "AdamW's moments after a mix: keep, reset, aggregate. Default: keep.")]
    public string? OptimizerState { get; set; }

    public string? TrainTokens { get; set; }
    public string? TrustTokens { get; set; }
    public string? ReportTokens { get; set; }
    public string? PublicTokens { get; set; }
    public string? Conflict { get; set; }
    public string? Categories { get; set; }
    public string? Seed { get; set; }

    [Option("data-seed", MetaValue = "N", HelpText = "Seed by which documents are written and dealt. Default: the run's seed.")]
    public string? DataSeed { get; set; }

    public string? Backend { get; set; }
    public string? Threads { get; set; }
    public string? Out { get; set; }

    [Option("keep-rounds", MetaValue = "WHICH", HelpText = "Which rounds' adapters stay in the run folder: all, last, none. Default: all.")]
    public string? KeepRounds { get; set; }

    public string? CheckpointEvery { get; set; }
    public bool Resume { get; set; }
    public bool Fresh { get; set; }
    public bool DryRun { get; set; }

    /// <summary>Where runs without --out are kept, a folder each by their id; null: runs.</summary>
    internal string? RunsFolder { get; set; }

    /// <summary>The same options, to be changed for one run of several.</summary>
    internal CollabArguments Copy() => (CollabArguments)MemberwiseClone();
}
