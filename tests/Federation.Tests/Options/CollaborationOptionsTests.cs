namespace LoraCollab.Federation.Tests;

public class CollaborationOptionsTests
{
    [Fact]
    public void Resolve_Corrected_TakesTheMeantForms()
    {
        var o = new CollaborationOptions { Seed = 7 }.Resolve();
        Assert.Equal((LoraTargets.Attention, LoraInitialisation.Inputs, 7UL), (o.Targets!.Value, o.LoraInit!.Value, o.DataSeed!.Value));
        Assert.Equal((WeightsForm.Update, ScoreOn.Adapter, ValidationForm.Loss, PredictionForm.Change, "512"),
            (o.WeightsForm!.Value, o.ScoreOn!.Value, o.ValidationForm!.Value, o.PredictionForm!.Value, o.PredictionPositions));
        Assert.Null(o.Gelu);
    }

    [Fact]
    public void Resolve_Paper_TakesThePublishedForms()
    {
        var o = new CollaborationOptions { Compat = Compat.Paper, Seed = 7 }.Resolve();
        Assert.Equal((LoraTargets.All, LoraInitialisation.Rank, 0UL, 0.2), (o.Targets!.Value, o.LoraInit!.Value, o.DataSeed!.Value, o.Dropout!.Value));
        Assert.Equal((WeightsForm.RowWise, ScoreOn.Adapter, ValidationForm.Perplexity, PredictionForm.L1, "last"),
            (o.WeightsForm!.Value, o.ScoreOn!.Value, o.ValidationForm!.Value, o.PredictionForm!.Value, o.PredictionPositions));
        Assert.Equal((1.0, 1.0, 1.0), (o.Temperature.Of("weights")!.Value, o.Temperature.Of("validation")!.Value, o.Temperature.Of("prediction")!.Value));
        Assert.Equal(GeluForm.Erf, o.Gelu);
    }

    [Fact]
    public void Resolve_Twice_ChangesNothing()
    {
        foreach (var compat in new[] { Compat.Corrected, Compat.Paper })
        {
            var once = new CollaborationOptions { Compat = compat }.Resolve();
            Assert.Equal(once, once.Resolve());
        }
    }

    public static TheoryData<string, string> Contradictions => new()
    {
        { "dropout", "trap 12" }, { "targets", "compat = paper" }, { "lora init", "trap 1 " }, { "gelu", "13" }, { "weights form", "trap 4" },
            { "score on", "trap 4" },
        { "validation form", "trap 5" }, { "prediction form", "trap 9" }, { "prediction positions", "trap 8" }, { "temperature validation=0.1", "trap 5" },
        { "data seed", "trap 29" }, { "self", "compat = paper" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Resolve_FlagThatPaperOverrides_NamesBoth(string flag, string mode)
    {
        var o = new CollaborationOptions { Compat = Compat.Paper };
        o = flag switch
        {
            "dropout" => o with { Dropout = 0.1 },
            "targets" => o with { Targets = LoraTargets.Attention },
            "lora init" => o with { LoraInit = LoraInitialisation.Inputs },
            "gelu" => o with { Gelu = GeluForm.Tanh },
            "weights form" => o with { WeightsForm = WeightsForm.Flat },
            "score on" => o with { ScoreOn = ScoreOn.Round },
            "validation form" => o with { ValidationForm = ValidationForm.Loss },
            "prediction form" => o with { PredictionForm = PredictionForm.Js },
            "prediction positions" => o with { PredictionPositions = "512" },
            "data seed" => o with { DataSeed = 7 },
            "self" => o with { Self = "floor" },
            _ => o with { Temperature = new PerScheme { ["validation"] = 0.1 } },
        };
        string message = Assert.ThrowsAny<UserException>(o.Resolve).Message;
        Assert.Contains(flag, message);
        Assert.Contains(mode, message);
    }

    [Theory]
    [InlineData("near")]
    [InlineData("floor:-1")]
    [InlineData("fixed:")]
    [InlineData("weights=floor,0.3")]
    [InlineData("weights=floor,weights=floor")]
    [InlineData("validation=floor")]
    public void Self_MalformedText_IsRefusedByFlag(string text) =>
        Assert.Contains($"self {text}", Assert.Throws<OptionException>(() => new CollaborationOptions { Self = text }.Resolve()).Message);

    [Theory]
    [InlineData(PredictionForm.Js)]
    [InlineData(PredictionForm.L1)]
    public void Self_NearestWithoutCosines_IsRefused(PredictionForm form) =>
        Assert.Contains("nearest is for cosines", Assert.Throws<OptionException>(
            () => new CollaborationOptions { Self = "nearest", PredictionForm = form }.Resolve()).Message);

    [Theory]
    [InlineData(null, PredictionForm.Change, 0.02, 0.1)]
    [InlineData("floor", PredictionForm.Change, 0.02, 0.1)]
    [InlineData("floor", PredictionForm.Js, 0.02, 0.2)]
    [InlineData(null, PredictionForm.Js, 0.02, 0.2)]
    public void Temperature_Default_FollowsTheForms(string? self, PredictionForm form, double weights, double prediction)
    {
        var o = new CollaborationOptions { Self = self, PredictionForm = form }.Resolve();
        Assert.Equal((weights, prediction), (o.Temperature.Of("weights")!.Value, o.Temperature.Of("prediction")!.Value));
    }

    [Theory]
    [InlineData(null, PredictionForm.Js, "weights=nearest:0.92,prediction=floor")]
    [InlineData("floor", PredictionForm.Js, "floor")]
    [InlineData(null, PredictionForm.Change, "weights=nearest:0.92,prediction=nearest")]
    [InlineData("scored", PredictionForm.Change, "scored")]
    [InlineData("weights=floor:0.9", PredictionForm.Change, "weights=floor:0.9,prediction=nearest")]
    [InlineData("prediction=fixed:-0.5", PredictionForm.Js, "weights=nearest:0.92,prediction=fixed:-0.5")]
    public void Self_OfEachScheme_FollowsItsForm(string? given, PredictionForm form, string resolved) =>
        Assert.Equal(resolved, new CollaborationOptions { Self = given, PredictionForm = form }.Resolve().Self);

    [Theory]
    [InlineData("weights=1=2")]
    [InlineData("weights=1,weights=2")]
    [InlineData("weights=1,2")]
    [InlineData("=1")]
    [InlineData("weights=")]
    [InlineData("fedavg=1")]
    public void PerScheme_MalformedText_IsRefusedByName(string text) => Assert.Contains($"temperature {text}",
        Assert.Throws<OptionException>(() => new CollaborationOptions { Temperature = PerScheme.Parse("temperature", text) }.Resolve()).Message);

    [Fact]
    public void Resolve_TrapSwitchedBack_AcceptsTheFlag()
    {
        var o = new CollaborationOptions { Compat = Compat.Paper.With("12=corrected"), Dropout = 0.1 }.Resolve();
        Assert.Equal(0.1, o.Dropout);
        Assert.Equal(WeightsForm.RowWise, o.WeightsForm);
    }

    [Theory]
    [InlineData(120, 40, 20, "40 60 80 100 120")]
    [InlineData(10, 3, 4, "3 7 10")]
    [InlineData(2, 1, 1, "1 2")]
    [InlineData(5, 5, 2, "5")]
    [InlineData(6, 0, 3, "3 6")]
    public void Aggregations_FirstPeriodAndLast_FollowTheRule(int iterations, int first, int period, string expected) =>
        Assert.Equal(expected, string.Join(' ', new CollaborationOptions
        {
            Iterations = iterations,
            PretrainingRounds = first,
            TrustFrequency = period
        }.Aggregations()));

    [Fact]
    public void Aggregations_OfThePaper_AreSeventeenAndEndTheRun()
    {
        var o = new CollaborationOptions { Iterations = 500, PretrainingRounds = 100, TrustFrequency = 25 };
        Assert.Equal((17, 500, 100), (o.Aggregations().Count(), o.Aggregations().Last(), o.SharedIterations));
    }

    public static TheoryData<CollaborationOptions, string> Mistakes => new()
    {
        { new() { Schemes = ["trust"] }, "local, fedavg" }, { new() { Schemes = [] }, "at least one" }, { new() { Schemes = ["local", "local"] }, "twice" },
        { new() { Iterations = 0 }, "iterations 0" }, { new() { PretrainingRounds = 121 }, "at most 120" }, { new() { LearningRate = double.NaN }, "lr" },
        { new() { LoraDropout = 1 }, "lora dropout 1" }, { new() { Rank = 0 }, "rank 0" }, { new() { Neighbours = 0 }, "neighbours" },
        { new() { Self = "best" }, "self best" }, { new() { Temperature = new() { ["weights"] = 0 } }, "temperature 0" },
        { new() { PredictionPositions = "some" }, "last, all" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Resolve_ValueThatMakesNoRun_IsNamed(CollaborationOptions options, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<UserException>(options.Resolve).Message);

    [Theory]
    [InlineData("corrected", new string[0], "corrected")]
    [InlineData("paper", new[] { "12=corrected", "2=corrected" }, "paper, trap 2=corrected, trap 12=corrected")]
    [InlineData("corrected", new[] { "1=paper", "2=paper", "2=corrected" }, "corrected, trap 1=paper")]
    public void Compat_ModeAndTraps_AreWrittenAndReadBack(string mode, string[] traps, string name)
    {
        var compat = traps.Aggregate(Compat.Parse("compat", mode), (c, trap) => c.With(trap));
        Assert.Equal(name, compat.ToString());
        Assert.Equal(compat, Compat.ParseName(name));
    }

    /// <summary>Traps that change nothing could once be switched; the runs of that time are still read.</summary>
    [Fact]
    public void Compat_OfAnOlderRun_IsReadWithoutWhatChangedNothing() =>
        Assert.Equal(Compat.Paper.With("12=corrected"), Compat.ParseName("paper, trap 3=corrected, trap 12=corrected, trap 15=corrected, trap 16=corrected"));

    [Theory]
    [InlineData("papers", "1=paper", "compat papers")]
    [InlineData("paper", "14=paper", "cannot be switched")]
    [InlineData("paper", "15=corrected", "the same in both modes")]
    [InlineData("paper", "1", "N=paper")]
    [InlineData("paper", "+1=paper", "N=paper")]
    [InlineData("paper", "1=yes", "N=paper")]
    public void Compat_Mistake_IsNamed(string mode, string trap, string expected) =>
        Assert.Contains(expected, Assert.Throws<OptionException>(() => Compat.Parse("compat", mode).With(trap)).Message);

    [Fact]
    public void Compat_SwitchableTraps_AreThoseOfTheSpecification()
    {
        Assert.Equal([1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 18, 19, 22, 23, 27, 29], Enum.GetValues<Trap>().Select(t => (int)t));
        Assert.All(Enum.GetValues<Trap>(), t => Assert.True(Compat.Paper.IsPaper(t) && !Compat.Corrected.IsPaper(t)));
    }

    [Fact]
    public void PerScheme_Text_IsReadStrictly()
    {
        Assert.Equal(new PerScheme { All = 0.5 }, PerScheme.Parse("temperature", "0.5"));
        Assert.Equal(new PerScheme { ["validation"] = 0.05, ["weights"] = -2 }, PerScheme.Parse("threshold", "weights=-2,validation=0.05"));
        foreach (string text in new[] { "0,5", "NaN", "1,000", "weights=", "" })
            Assert.Contains("temperature", Assert.Throws<OptionException>(() => PerScheme.Parse("temperature", text)).Message);
    }

    [Fact]
    public void PerScheme_OverAnother_LeavesWhatIsNotNamed()
    {
        var standing = new PerScheme { ["weights"] = 1, ["validation"] = 2 };
        Assert.Equal(new PerScheme { ["weights"] = 1, ["validation"] = 3 }, new PerScheme { ["validation"] = 3 }.Over(standing));
        Assert.Equal(new PerScheme { All = 4 }, new PerScheme { All = 4 }.Over(standing));
    }

    [Fact]
    public void Threshold_OneForAll_StandsAtEveryStrategyWithASoftmax()
    {
        var o = new CollaborationOptions { Threshold = PerScheme.Parse("threshold", "0.1") }.Resolve();
        Assert.Equal(StrategyRegistry.NamesOf(d => d.Softmax is not null), o.Threshold.Names);
        Assert.Equal((0.1, null), (o.Threshold.Of("weights"), o.Threshold.Of("fedavg")));
    }

    [Fact]
    public void Schemes_ByDefault_AreThePapersSix() => Assert.Equal(StrategyRegistry.Standard, new CollaborationOptions().Schemes);

    [Fact]
    public void Config_OfARunThatWeighedByTokens_IsReadUnlessItDid()
    {
        string old = RunJson.Line(new CollaborationOptions().Resolve());
        Assert.DoesNotContain("by_tokens", old);
        string With(string value) => old.Insert(1, $"\"fed_avg_by_tokens\":{value},");
        Assert.Equal(old, RunJson.Line(RunJson.Parse<CollaborationOptions>("config.json", With("false"))));
        Assert.Contains("fedavg_tokens", Assert.ThrowsAny<UserException>(() => RunJson.Parse<CollaborationOptions>("config.json", With("true"))).Message);
    }

    [Fact]
    public void DistributionFor_MixedUnderPaperTraps_IsThePublishedMix()
    {
        var paper = new CollaborationOptions { Compat = Compat.Paper };
        Assert.Equal(["mixed-paper", "mixed-paper", "mixed", "specific"],
            [paper.DistributionFor("mixed", 3), paper.DistributionFor("mixed", 2), paper.DistributionFor("mixed", 4), paper.DistributionFor("specific", 3)]);
        Assert.Equal("mixed", new CollaborationOptions().DistributionFor("mixed", 3));
    }
}
