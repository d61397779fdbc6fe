namespace LoraCollab.Cli.Tests;

public sealed class PresetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string, string> Runs()
    {
        var all = new TheoryData<string, string, string>();
        foreach (string name in Preset.Names)
            foreach (string scale in Preset.Open(name).Scales.Keys)
                foreach (string compat in new[] { "corrected", "paper" }) all.Add(name, scale, compat);
        return all;
    }

    private static OptionValues Given(string compat) => new OptionValues().Set("compat", compat).Set("model", "given");

    [Theory]
    [MemberData(nameof(Runs))]
    public void Preset_EveryRun_IsAcceptedByCollab(string name, string scale, string compat)
    {
        bool real = Preset.Open(Preset.Open(name).Base ?? name).NeedsData;
        var plan = new ReproducePlan(real ? Given(compat).Set("data", "given") : Given(compat), scale, null);
        var runs = (Preset.Open(name).Over is null ? plan.Table(name) : plan.Figure(name)).ToArray();
        Assert.NotEmpty(runs);
        foreach (var run in runs)
        {
            var command = Command.Of<CollabCommand>(run.Arguments);
            var options = command.Options.Resolve();
            Assert.Equal(run.Cell.Seed, options.Seed);
            Assert.Equal(StrategyRegistry.Standard, options.Schemes);
            Assert.Equal(run.Cell.Distribution, command.Source.Deal.Distribution.Name);
            Assert.Contains($" --seed {run.Cell.Seed}", run.Cell.Command, StringComparison.Ordinal);
        }
    }

    /// <summary>PAPER's protocol, section 2, by hand.</summary>
    [Theory]
    [InlineData("agnews", "specific", 8)]
    [InlineData("agnews", "mixed", 4)]
    [InlineData("multiwiki", "specific", 9)]
    [InlineData("multiwiki", "mixed", 9)]
    [InlineData("codewiki", "specific", 8)]
    [InlineData("codewiki", "mixed", 8)]
    public void PaperScale_OfThePapersSets_IsThePublishedProtocol(string family, string distribution, int clients)
    {
        var plan = new ReproducePlan(Given("paper").Set("data", "given"), "paper", null);
        var runs = plan.Table(family).Where(r => r.Cell.Distribution == distribution).ToArray();
        Assert.Equal(Enumerable.Range(1, 10).Select(s => (ulong)s), runs.Select(r => r.Cell.Seed));
        var run = runs[0].Arguments;
        var command = Command.Of<CollabCommand>(run);
        var o = command.Options.Resolve();
        Assert.Equal((4, 32.0, 0.1, 0.2), (o.Rank, o.Alpha, o.LoraDropout, o.Dropout!.Value));
        Assert.Equal((50, 4, 512), (o.BatchSize, o.AccumulationSteps, o.SequenceLength));
        Assert.Equal((2e-3, 0.9, 0.95, 1e-3), (o.LearningRate!.Value, o.Beta1, o.Beta2, o.WeightDecay));
        Assert.Null(o.ClipNorm);
        Assert.Equal(LoraTargets.All, o.Targets);
        Assert.Equal([100, 125, 150, 175, 200, 225, 250, 275, 300, 325, 350, 375, 400, 425, 450, 475, 500], o.Aggregations());
        Assert.Equal((100, 4, 12, 1), (o.PredictionK, o.PublicBatches, o.EvaluationBatches, o.CurveEvery));
        var deal = command.Source.Deal;
        Assert.Equal(clients, deal.Clients);
        if (family != "agnews")
            Assert.Equal((840_000, 160_000, family == "multiwiki" ? 3 * 300_000 : 2 * 500_000), (deal.TrainTokens, deal.ReportTokens, deal.ReferenceTokens));
    }

    /// <summary>Its own family's table is a point of every figure, in both modes, so that its runs are shared.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void Figure_HasTheTableAmongItsValues(string name, string scale, string compat)
    {
        if (Preset.Open(name).Base is not { } family) return;
        var plan = new ReproducePlan(Given(compat), scale, "1");
        string Of(PlannedRun run) => System.Text.Json.JsonSerializer.Serialize(Command.Of<CollabCommand>(run.Arguments).Options.Resolve());
        var figure = plan.Figure(name).GroupBy(r => r.Cell.Distribution).ToArray();
        Assert.NotEmpty(figure);
        foreach (var drawn in figure)
        {
            string table = Of(plan.Table(family).Single(r => r.Cell.Distribution == drawn.Key));
            Assert.Contains(table, drawn.Select(Of));
        }
    }

    [Fact]
    public void PaperScale_Corrected_HalvesTheValidationText()
    {
        var run = new ReproducePlan(new OptionValues().Set("model", "given").Set("data", "given"), "paper", "1").Table("codewiki").First().Arguments;
        var command = Command.Of<CollabCommand>(run);
        var deal = command.Source.Deal;
        Assert.Equal((80_000, 80_000), (deal.TrustTokens, deal.ReportTokens));
        Assert.Equal(LoraTargets.Attention, command.Options.Resolve().Targets);
    }

    [Fact]
    public void Preset_OptionsOfTheCommandLine_Win()
    {
        var given = new OptionValues().Set("iterations", "7").Set("trap", "5=paper").Set("distribution", "uniform");
        var run = new ReproducePlan(given, "tiny", "4-5").Table("news").ToArray();
        Assert.Equal([("uniform", 4UL), ("uniform", 5UL)], run.Select(r => (r.Cell.Distribution, r.Cell.Seed)));
        Assert.Equal("loracollab collab --clients 4 --data news --distribution uniform --iterations 7 --report-tokens 2048 --seed 4 --train-tokens 2048 "
            + "--trap 5=paper --trust-tokens 1024", run[0].Cell.Command);
        Assert.False(given.Has("clients"));
    }

    [Theory]
    [InlineData("{ \"about\": \"x\", \"scales\": {}, \"scale\": 1 }", "scale")]
    [InlineData("{ \"about\": \"x\", \"scales\": { \"tiny\": { \"options\": { \"iteration\": 5 } } } }", "did you mean iterations?")]
    [InlineData("{ \"about\": \"x\", \"scales\": { \"tiny\": { \"where\": [ { \"scheme\": \"local\", \"options\": {} } ] } } }", "scheme")]
    [InlineData("{ \"about\": \"x\", \"over\": \"rate\", \"scales\": {} }", "'rate'")]
    [InlineData("{ \"about\": \"x\" }", "scales")]
    [InlineData("[", "not a preset")]
    public void Preset_WithAnUnknownKey_IsRefusedByName(string text, string expected)
    {
        string file = folder.File("own.json", text);
        string message = Assert.Throws<UserException>(() => Preset.Read(file)).Message;
        Assert.Contains(file, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Preset_WithComments_IsRead()
    {
        var preset = Preset.Read(folder.File("own.json",
            "{ // why\n \"about\": \"x\", \"options\": { \"lr\": 2e-3, \"rslora\": true, }, \"scales\": { \"tiny\": {} } }"));
        var options = preset.OptionsFor("tiny", "mixed", "corrected");
        Assert.Equal([("lr", "2e-3"), ("rslora", "true")], options.Select(o => (o.Key, o.Value)));
    }

    [Theory]
    [InlineData("--family 'agnew'", "--family", "agnew")]
    [InlineData("--scale 'huge'", "--scale", "huge")]
    [InlineData("--data PATH", "--family", "agnews")]
    [InlineData("--data x", "--data", "x")]
    [InlineData("--model DIR", "--scale", "paper")]
    [InlineData("--seeds '0'", "--seeds", "0")]
    [InlineData("--seeds 'a-b'", "--seeds", "a-b")]
    [InlineData("--seed 3", "--seed", "3")]
    [InlineData("contradicts", "--compat", "paper", "--targets", "attn")]
    public void Reproduce_WithABadValue_IsRefusedByName(string expected, params string[] options) =>
        CliRun.Refused([expected], ["reproduce", "--out", folder.At("none"), .. options]);
}
