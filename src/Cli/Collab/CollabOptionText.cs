namespace LoraCollab.Cli.Collab;

/// <summary>Reads the options of `collab`.</summary>
internal static class CollabOptionText
{
    public static CollaborationOptions Options(CollabArguments text)
    {
        var standard = new CollaborationOptions();
        int iterations = Numbers.Whole("--iterations", text.Iterations, standard.Iterations), length = Numbers.Whole("--sequence-length", text.SequenceLength, standard.SequenceLength);
        var options = Trust(text, new CollaborationOptions
        {
            Schemes = Schemes("--schemes", text.Schemes) ?? standard.Schemes,
            Compat = Compat.Parse(text.Compat ?? "corrected", text.Trap),
            Seed = Numbers.Seed("--seed", text.Seed, standard.Seed),
            DataSeed = text.DataSeed is null ? null : Numbers.Seed("--data-seed", text.DataSeed, 0),
            Iterations = iterations,
            PretrainingRounds = Numbers.Whole("--pretraining-rounds", text.PretrainingRounds, Math.Max(1, iterations / 3), 0),
            TrustFrequency = Numbers.Whole("--trust-freq", text.TrustFreq, Math.Max(1, iterations / 6)),
            BatchSize = Numbers.Batch("--batch-size", text.BatchSize, standard.BatchSize, length),
            AccumulationSteps = Numbers.Whole("--acc-steps", text.AccSteps, standard.AccumulationSteps),
            SequenceLength = length,
            Rank = Numbers.Whole("--rank", text.Rank, standard.Rank),
            Alpha = Numbers.Positive("--alpha", text.Alpha, standard.Alpha),
            RankStabilised = text.RsLora,
            LoraDropout = Numbers.Dropout("--lora-dropout", text.LoraDropout, standard.LoraDropout),
            Targets = LoraForm.Targets(text.Targets),
            LoraInit = Choice.Of<LoraInitialisation?>("--lora-init", text.LoraInit, null, ("inputs", LoraInitialisation.Inputs), ("rank", LoraInitialisation.Rank)),
            Dropout = text.Dropout is null ? null : Numbers.Dropout("--dropout", text.Dropout, 0),
            LearningRate = text.Lr is null ? null : Numbers.Positive("--lr", text.Lr, 0),
            WeightDecay = Numbers.Real("--weight-decay", text.WeightDecay, standard.WeightDecay, 0),
            ClipNorm = text.Clip is null ? null : Numbers.Positive("--clip", text.Clip, 0),
            OptimizerState = Choice.Of("--optimizer-state", text.OptimizerState, standard.OptimizerState,
                ("keep", OptimizerStateRule.Keep), ("reset", OptimizerStateRule.Reset), ("aggregate", OptimizerStateRule.Aggregate)),
            FedAvgByTokens = text.FedAvgByTokens,
            CurveEvery = Numbers.Whole("--curve-every", text.CurveEvery, standard.CurveEvery),
            Upload = text.Upload,
            DpClip = text.DpClip is null ? null : Numbers.Positive("--dp-clip", text.DpClip, 0),
            DpNoise = text.DpNoise is null ? null : Numbers.Real("--dp-noise", text.DpNoise, 0, 0),
            DpDelta = text.DpDelta is null ? null : Numbers.Real("--dp-delta", text.DpDelta, 0, 0, 1),
            UploadCheck = Choice.Of<bool?>("--upload-check", text.UploadCheck, null, ("on", true), ("off", false)),
            UploadNorm = text.UploadNorm is null ? null : Numbers.Real("--upload-norm", text.UploadNorm, 0, 1),
            OnBadUpload = Choice.Of<BadUploadRule?>("--on-bad-upload", text.OnBadUpload, null,
                ("stop", BadUploadRule.Stop), ("exclude", BadUploadRule.Exclude)),
            Absent = text.Absent is null ? null : Numbers.Real("--absent", text.Absent, 0, 0, 1),
            Attack = text.Attack,
            Attackers = text.Attackers is null ? null : Numbers.Whole("--attackers", text.Attackers, 0),
            Exchange = Choice.Of("--exchange", text.Exchange, standard.Exchange, ("server", ExchangeModel.Server), ("peers", ExchangeModel.Peers)),
        });
        if (options.Method is { } numbers) MethodNumbers.RequireSchemes(numbers, options.Schemes);
        return options;
    }

    /// <summary>The options of a run whose adapters have the form of the one that it starts from.</summary>
    public static CollaborationOptions InFormOf(LoraOptions form, CollaborationOptions options) => options with
    {
        Rank = form.Rank,
        Alpha = form.Alpha,
        Targets = form.Targets,
        RankStabilised = form.RankStabilised,
        LoraDropout = (double)(decimal)form.Dropout, // 0.1 again, and not the nearest float
    };

    public static RunSettings Settings(CollabArguments text, BackendChoice backend)
    {
        if (text.Resume && text.Fresh) throw new UserException("--resume and --fresh exclude each other: go on from the checkpoint, or run anew");
        var standard = new RunSettings();
        return new RunSettings
        {
            Out = text.Out,
            Runs = text.RunsFolder ?? standard.Runs,
            Threads = backend.Threads,
            KeepRounds = Choice.Of("--keep-rounds", text.KeepRounds, standard.KeepRounds, ("all", KeepRounds.All), ("last", KeepRounds.Last), ("none", KeepRounds.None)),
            CheckpointEvery = Numbers.Whole("--checkpoint-every", text.CheckpointEvery, standard.CheckpointEvery),
            Resume = text.Resume,
            Fresh = text.Fresh,
        };
    }

    /// <summary>How the corpus is opened; what is generated follows the data's seed.</summary>
    public static CorpusOptions Corpus(IWorldOptions text, ulong dataSeed) => new()
    {
        Seed = dataSeed,
        Conflict = Numbers.Real("--conflict", text.Conflict, 1, 0, 1),
        Categories = List("--categories", text.Categories),
    };

    public static IReadOnlyList<string> Comparators(CollabArguments text)
    {
        var names = List("--comparators", text.Comparators) ?? [];
        foreach (string name in names)
            if (!ComparatorNames.All.Contains(name)) throw Choice.Unknown("--comparators", name, ComparatorNames.All);
        return names;
    }

    /// <summary>The options with what was given about trust; what was not stays.</summary>
    public static CollaborationOptions Trust(ITrustOptions text, CollaborationOptions options) => options with
    {
        Topology = text.Topology ?? options.Topology,
        Temperature = PerSchemeOf("--temperature", text.Temperature, options.Temperature),
        Threshold = PerSchemeOf("--threshold", text.Threshold, options.Threshold),
        Neighbours = text.Neighbours is null ? options.Neighbours : Numbers.Whole("--neighbours", text.Neighbours, 0),
        EffectiveNeighbours = text.EffectiveNeighbours is null ? options.EffectiveNeighbours : Numbers.Real("--effective-neighbours", text.EffectiveNeighbours, 0, 1),
        Self = text.Self ?? options.Self,
        Method = text.Method is null ? options.Method : MethodNumbers.Parse(text.Method),
        WeightsForm = Choice.Of("--weights-form", text.WeightsForm, options.WeightsForm, ("update", WeightsForm.Update), ("rowwise", WeightsForm.RowWise), ("flat", WeightsForm.Flat)),
        ScoreOn = Choice.Of("--score-on", text.ScoreOn, options.ScoreOn, ("round", ScoreOn.Round), ("adapter", ScoreOn.Adapter)),
        ValidationForm = Choice.Of("--validation-form", text.ValidationForm, options.ValidationForm, ("loss", ValidationForm.Loss), ("perplexity", ValidationForm.Perplexity)),
        PredictionForm = Choice.Of("--prediction-form", text.PredictionForm, options.PredictionForm, ("js", PredictionForm.Js), ("change", PredictionForm.Change), ("l1", PredictionForm.L1)),
        PredictionPositions = text.PredictionPositions ?? options.PredictionPositions,
        PredictionK = Numbers.Whole("--prediction-k", text.PredictionK, options.PredictionK),
        PublicBatches = Numbers.Whole("--public-batches", text.PublicBatches, options.PublicBatches),
        TrustBatches = Numbers.Whole("--trust-batches", text.TrustBatches, options.TrustBatches),
    };

    /// <summary>Names of schemes, each checked; null where the option was not given.</summary>
    /// <param name="option">For errors.</param>
    /// <param name="text">Names by commas; null: not given.</param>
    /// <param name="offered">Those that an error lists; null: all.</param>
    public static string[]? Schemes(string option, string? text, IReadOnlyList<string>? offered = null)
    {
        string[]? names = List(option, text);
        foreach (string scheme in names ?? [])
            if (!StrategyRegistry.Names.Contains(scheme)) throw Choice.Unknown(option, scheme, offered ?? StrategyRegistry.Names);
        return names;
    }

    private static PerScheme PerSchemeOf(string option, string? text, PerScheme standing)
    {
        if (text is null) return standing;
        var given = PerScheme.Parse(option, text);
        return new PerScheme { Weights = given.Weights ?? standing.Weights, Validation = given.Validation ?? standing.Validation, Prediction = given.Prediction ?? standing.Prediction };
    }

    /// <summary>"a,b,c"; null where the option was not given.</summary>
    private static string[]? List(string option, string? text)
    {
        if (text is null) return null;
        string[] words = text.Split(',');
        return words.All(w => w.Length > 0 && w == w.Trim()) ? words : throw new UserException($"{option} '{text}': expected names with commas between them and no blanks, such as a,b,c");
    }
}
