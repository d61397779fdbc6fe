using System.Globalization;

namespace LoraCollab.Federation.Runs;

/// <summary>Decides what the mode decides, and refuses what makes no run.</summary>
public static class OptionRules
{
    private const double PublishedDropout = 0.2, PublishedRate = 2e-3;

    /// <summary>
    /// The rate, like the temperatures, by trust-validation on seeds 100 to 104 of the clustered control; dropout on seed 100 alone: docs/controls.md.
    /// </summary>
    private const double DefaultDropout = 0, DefaultRate = 1e-2;

    private const ulong PublishedDataSeed = 0;

    /// <summary>These options with every null decided. Resolving twice changes nothing.</summary>
    /// <exception cref="UserException">A value makes no run, or contradicts what the mode imposes; the message names both.</exception>
    public static CollaborationOptions Resolve(this CollaborationOptions o)
    {
        Check(o);
        o = UploadRules.Resolve(o);
        bool Paper(Trap trap) => o.Compat.IsPaper(trap);
        var weightsForm = Decide(o, Trap.RowWiseCosine, "weights-form", o.WeightsForm, WeightsForm.RowWise, WeightsForm.Update);
        var predictionForm = Decide(o, Trap.LogitDistance, "prediction-form", o.PredictionForm, PredictionForm.L1, PredictionForm.Change);
        o = o with { WeightsForm = weightsForm, PredictionForm = predictionForm };
        string self = !o.Compat.IsPaperMode ? StrategyRules.Self(o)
            : o.Self is null or "scored" ? "scored" : throw Contradiction("self", o.Self, "scored", "compat = paper", "compat = corrected");
        return o with
        {
            DataSeed = Decide(o, Trap.FixedDataSeed, "data-seed", o.DataSeed, PublishedDataSeed, o.Seed),
            Targets = o.Compat.IsPaperMode ? Imposed("targets", o.Targets, LoraTargets.All, "compat = paper", "compat = corrected")
                : o.Targets ?? LoraTargets.Attention,
            LoraInit = Decide(o, Trap.LoraInit, "lora-init", o.LoraInit, LoraInitialisation.Rank, LoraInitialisation.Inputs),
            Dropout = Decide(o, Trap.FixedDropout, "dropout", o.Dropout, PublishedDropout, DefaultDropout),
            LearningRate = o.LearningRate ?? (o.Compat.IsPaperMode ? PublishedRate : DefaultRate),
            Self = self,
            Gelu = Paper(Trap.GeluErf) ? Imposed("gelu", o.Gelu, GeluForm.Erf, "trap 13 = paper", "trap 13 = corrected") : o.Gelu,
            ScoreOn = Decide(o, Trap.RowWiseCosine, "score-on", o.ScoreOn, ScoreOn.Adapter, ScoreOn.Adapter),
            ValidationForm = Decide(o, Trap.Perplexity, "validation-form", o.ValidationForm, ValidationForm.Perplexity, ValidationForm.Loss),
            PredictionPositions = Decide(o, Trap.LastPosition, "prediction-positions", o.PredictionPositions, "last", "512"),
            Temperature = StrategyRules.Temperature(o),
            Threshold = StrategyRules.Threshold(o),
        };
    }

    /// <summary>What the trap imposes, or what was given, or the corrected default.</summary>
    private static T Decide<T>(CollaborationOptions o, Trap trap, string option, T? given, T paper, T corrected) where T : struct =>
        o.Compat.IsPaper(trap) ? Imposed(option, given, paper, $"trap {(int)trap} = paper", $"trap {(int)trap} = corrected") : given ?? corrected;

    private static string Decide(CollaborationOptions o, Trap trap, string option, string? given, string paper, string corrected) =>
        !o.Compat.IsPaper(trap) ? given ?? corrected
        : given is null || given == paper ? paper
        : throw Contradiction(option, given, paper, $"trap {(int)trap} = paper", $"trap {(int)trap} = corrected");

    private static T Imposed<T>(string option, T? given, T imposed, string mode, string remedy) where T : struct =>
        given is null || given.Value.Equals(imposed) ? imposed : throw Contradiction(option, Text(given), Text(imposed), mode, remedy);

    private static OptionException Contradiction(string option, string given, string imposed, string mode, string remedy) =>
        new(option, given, $"contradicts {mode}, which imposes {imposed}; leave it out, or give {remedy}");

    private static string Text<T>(T value) => string.Format(CultureInfo.InvariantCulture, "{0}", value).ToLowerInvariant();

    private static void Check(CollaborationOptions o)
    {
        StrategyRules.Check(o);
        OptionTable.Check(o);
        BatchSizeOptionAttribute.RequireAddressable(o.BatchSize, o.SequenceLength);
        if (o.PretrainingRounds > o.Iterations)
            throw new OptionException("pretraining-rounds", o.PretrainingRounds,
                $"the run of {o.Iterations} iterations would end before its first aggregation; give at most {o.Iterations}");
        if (o.PredictionPositions is { } positions) PublicPositions.Parse(positions);
    }
}
