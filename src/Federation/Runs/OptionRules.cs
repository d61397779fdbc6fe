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

    /// <summary>Temperatures of the corrected forms, and 1 of the published ones; that of prediction is for distances, cosines have their own.</summary>
    private static readonly PerScheme Temperatures = new() { Weights = 0.02, Validation = 0.05, Prediction = 0.2 };

    private const double PredictionCosineTemperature = 0.1;

    /// <summary>
    /// Two adapters of scarce text have small cosines even where clients are alike; below 0.08 nobody is (chosen on the three controls: docs/controls.md).
    /// </summary>
    private static readonly SelfScore NearestWeights = new(SelfScoreKind.Nearest, 0.92);

    /// <summary>These options with every null decided. Resolving twice changes nothing.</summary>
    /// <exception cref="UserException">A value makes no run, or contradicts what the mode imposes; the message names both.</exception>
    public static CollaborationOptions Resolve(this CollaborationOptions o)
    {
        Check(o);
        o = UploadRules.Resolve(o);
        bool Paper(Trap trap) => o.Compat.IsPaper(trap);
        var weightsForm = Decide(o, Trap.RowWiseCosine, "weights-form", o.WeightsForm, WeightsForm.RowWise, WeightsForm.Update);
        var predictionForm = Decide(o, Trap.LogitDistance, "prediction-form", o.PredictionForm, PredictionForm.L1, PredictionForm.Change);
        string self = !o.Compat.IsPaperMode ? Self(o.Self, weightsForm, predictionForm)
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
            WeightsForm = weightsForm,
            ScoreOn = Decide(o, Trap.RowWiseCosine, "score-on", o.ScoreOn, ScoreOn.Adapter, ScoreOn.Adapter),
            ValidationForm = Decide(o, Trap.Perplexity, "validation-form", o.ValidationForm, ValidationForm.Perplexity, ValidationForm.Loss),
            PredictionForm = predictionForm,
            PredictionPositions = Decide(o, Trap.LastPosition, "prediction-positions", o.PredictionPositions, "last", "512"),
            Temperature = Temperature(o, predictionForm),
        };
    }

    private static string Self(string? given, WeightsForm weightsForm, PredictionForm predictionForm)
    {
        string Of(string scheme, SelfScore corrected) => ((given is null ? null : SelfScore.Of(given, scheme)) ?? corrected).ToString();
        string weights = Of("weights", weightsForm == WeightsForm.RowWise ? SelfScore.Floor : NearestWeights);
        if (given is not null && predictionForm != PredictionForm.Change && SelfScore.Of(given, "prediction") is { Kind: SelfScoreKind.Nearest })
            throw new OptionException("self", given,
                $"nearest is for cosines, which the prediction form {Text(predictionForm)} has not; give floor, or the prediction form change");
        string prediction = Of("prediction", predictionForm == PredictionForm.Change ? SelfScore.Nearest : SelfScore.Floor);
        return weights == prediction ? weights : $"weights={weights},prediction={prediction}";
    }

    private static PerScheme Temperature(CollaborationOptions o, PredictionForm predictionForm) => new()
    {
        Weights = o.Temperature.Weights ?? (o.Compat.IsPaper(Trap.RowWiseCosine) ? 1 : Temperatures.Weights),
        Validation = Decide(o, Trap.Perplexity, "temperature validation", o.Temperature.Validation, 1, Temperatures.Validation!.Value),
        Prediction = o.Temperature.Prediction ?? (o.Compat.IsPaper(Trap.RowNormalised) ? 1
            : predictionForm == PredictionForm.Change ? PredictionCosineTemperature : Temperatures.Prediction),
    };

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
        foreach (string scheme in o.Schemes)
            if (!StrategyRegistry.Names.Contains(scheme)) throw OptionException.Unknown("schemes", scheme, StrategyRegistry.Names);
        if (o.Schemes.Count == 0) throw new OptionException("schemes", null, "at least one scheme is needed");
        if (o.Schemes.Distinct().Count() != o.Schemes.Count) throw new OptionException("schemes", null, "a scheme is named twice");
        if (o.Topology != "full" && o.Schemes.Contains("ifca"))
            throw new OptionException("topology", o.Topology, "ifca's cluster models go to every client; leave ifca or the topology out");
        OptionTable.Check(o);
        BatchSizeOptionAttribute.RequireAddressable(o.BatchSize, o.SequenceLength);
        if (o.PretrainingRounds > o.Iterations)
            throw new OptionException("pretraining-rounds", o.PretrainingRounds,
                $"the run of {o.Iterations} iterations would end before its first aggregation; give at most {o.Iterations}");
        foreach (string scheme in StrategyRegistry.Names)
            if (o.Temperature.Of(scheme) is { } temperature && !(temperature > 0))
                throw new OptionException("temperature", temperature, $"expected a number above 0 for {scheme}");
        if (o.Schemes.Contains("ffa") && o.Compat.IsPaper(Trap.OwnA))
            throw new OptionException("schemes", "ffa", "A stays at home, so all clients must share one; leave ffa out, or give trap 2 = corrected");
        if (o.Method is { } numbers)
        {
            MethodNumbers.Check(numbers);
            MethodNumbers.RequireSchemes(numbers, o.Schemes);
        }
        if (o.Self is { } self) SelfScore.Of(self, "weights");
        if (o.PredictionPositions is { } positions) PublicPositions.Parse(positions);
    }
}
