using LoraCollab.Cli.Opening;
using LoraCollab.Cli.Parsing;
using LoraCollab.Data;
using LoraCollab.Engine;
using LoraCollab.Federation;

namespace LoraCollab.Cli.Collab;

/// <summary>Reads the options of `collab`.</summary>
internal static class CollabOptionText
{
    public static CollaborationOptions Options(CollabArguments text)
    {
        var standard = new CollaborationOptions();
        int iterations = Numbers.Whole("--iterations", text.Iterations, standard.Iterations), length = Numbers.Whole("--sequence-length", text.SequenceLength, standard.SequenceLength);
        return Trust(text, new CollaborationOptions
        {
            Schemes = List("--schemes", text.Schemes) ?? standard.Schemes,
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
        });
    }

    public static RunSettings Settings(CollabArguments text, BackendChoice backend)
    {
        if (text.Resume && text.Fresh) throw new UserException("--resume and --fresh exclude each other: go on from the checkpoint, or run anew");
        var standard = new RunSettings();
        return new RunSettings
        {
            Out = text.Out,
            Threads = backend.Threads,
            KeepRounds = Choice.Of("--keep-rounds", text.KeepRounds, standard.KeepRounds, ("all", KeepRounds.All), ("last", KeepRounds.Last), ("none", KeepRounds.None)),
            CheckpointEvery = Numbers.Whole("--checkpoint-every", text.CheckpointEvery, standard.CheckpointEvery),
            Resume = text.Resume,
            Fresh = text.Fresh,
        };
    }

    /// <summary>How the corpus is opened; what is generated follows the data's seed.</summary>
    public static CorpusOptions Corpus(CollabArguments text, ulong dataSeed) => new()
    {
        Seed = dataSeed,
        Conflict = Numbers.Real("--conflict", text.Conflict, 1, 0, 1),
        Categories = List("--categories", text.Categories),
    };

    public static IReadOnlyList<string> Comparators(CollabArguments text)
    {
        var names = List("--comparators", text.Comparators) ?? [];
        foreach (string name in names)
            if (!Federation.Comparators.Names.Contains(name)) throw Choice.Unknown("--comparators", name, Federation.Comparators.Names);
        return names;
    }

    private static CollaborationOptions Trust(CollabArguments text, CollaborationOptions options)
    {
        foreach (string scheme in options.Schemes)
            if (!TrustSchemes.Names.Contains(scheme)) throw Choice.Unknown("--schemes", scheme, TrustSchemes.Names);
        return options with
        {
            Topology = text.Topology ?? options.Topology,
            Temperature = text.Temperature is null ? options.Temperature : PerScheme.Parse("--temperature", text.Temperature),
            Threshold = text.Threshold is null ? options.Threshold : PerScheme.Parse("--threshold", text.Threshold),
            Neighbours = text.Neighbours is null ? null : Numbers.Whole("--neighbours", text.Neighbours, 0),
            EffectiveNeighbours = text.EffectiveNeighbours is null ? null : Numbers.Real("--effective-neighbours", text.EffectiveNeighbours, 0, 1),
            Self = text.Self ?? options.Self,
            FedAvgByTokens = text.FedAvgByTokens,
            WeightsForm = Choice.Of<WeightsForm?>("--weights-form", text.WeightsForm, null, ("update", WeightsForm.Update), ("rowwise", WeightsForm.RowWise), ("flat", WeightsForm.Flat)),
            ScoreOn = Choice.Of<ScoreOn?>("--score-on", text.ScoreOn, null, ("round", ScoreOn.Round), ("adapter", ScoreOn.Adapter)),
            ValidationForm = Choice.Of<ValidationForm?>("--validation-form", text.ValidationForm, null, ("loss", ValidationForm.Loss), ("perplexity", ValidationForm.Perplexity)),
            PredictionForm = Choice.Of<PredictionForm?>("--prediction-form", text.PredictionForm, null, ("js", PredictionForm.Js), ("l1", PredictionForm.L1)),
            PredictionPositions = text.PredictionPositions,
            PredictionK = Numbers.Whole("--prediction-k", text.PredictionK, options.PredictionK),
            PublicBatches = Numbers.Whole("--public-batches", text.PublicBatches, options.PublicBatches),
            TrustBatches = Numbers.Whole("--trust-batches", text.TrustBatches, options.TrustBatches),
            CurveEvery = Numbers.Whole("--curve-every", text.CurveEvery, options.CurveEvery),
            Exchange = Choice.Of("--exchange", text.Exchange, options.Exchange, ("server", ExchangeModel.Server), ("peers", ExchangeModel.Peers)),
        };
    }

    /// <summary>"a,b,c"; null where the option was not given.</summary>
    private static string[]? List(string option, string? text)
    {
        if (text is null) return null;
        string[] words = text.Split(',');
        return words.All(w => w.Length > 0 && w == w.Trim()) ? words : throw new UserException($"{option} '{text}': expected names with commas between them and no blanks, such as a,b,c");
    }
}
