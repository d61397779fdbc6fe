namespace LoraCollab.Engine.Tests;

/// <summary>Counting alone sees the very ops, in the same order and at the same cost, that a device sees which computes.</summary>
public sealed class OpCountsTests
{
    private static readonly GptConfig Config = SmallModel.Tiny;
    private static readonly LoraOptions Lora = new() { Rank = 2, Targets = LoraTargets.All };

    private static readonly TrainingOptions Options = new()
    {
        BatchSize = 2,
        SequenceLength = 5,
        AccumulationSteps = 2,
        Dropout = DropoutRates.Of(0.1f, 0.1f),
        AdamW = new() { ClipNorm = 1 },
    };

    private sealed class Recorder : IOpObserver
    {
        public List<(string Op, long Flops, long Bytes)> Calls { get; } = [];

        public void Before(in OpCall call) => Calls.Add((call.Op, call.Flops, call.Bytes));

        public void After(in OpCall call) { }
    }

    [Fact]
    public void AdapterStep_Counted_IsTheStepThatIsComputed()
    {
        using var lane = TestBackends.Create(BackendKind.Reference);
        using var model = GptModel.Frozen(lane, new SmallModel(Config));
        using var trainer = new LoraTrainer(model, Lora, Options, client: 0);
        using var pass = new GptPass(model, lane, 2, 5, PassKind.Lora, Lora);
        var recorder = new Recorder();
        lane.Observer = recorder;
        trainer.Step(pass, SmallModel.Fixed(Config.Vocabulary));
        AssertSame(recorder, OpCounts.AdapterStep(Config, Lora, Options));
    }

    [Fact]
    public void FullStep_Counted_IsTheStepThatIsComputed()
    {
        using var lane = TestBackends.Create(BackendKind.Reference);
        using var model = GptModel.ForTraining(lane, new SmallModel(Config));
        using var trainer = new FullTrainer(model, Options);
        using var pass = new GptPass(model, lane, 2, 5, PassKind.Full);
        var recorder = new Recorder();
        lane.Observer = recorder;
        trainer.Step(pass, SmallModel.Fixed(Config.Vocabulary));
        AssertSame(recorder, OpCounts.FullStep(Config, Options));
    }

    /// <summary>The 5th of 5 tokens: position 4, so 5 pairs in each of two blocks of 8 channels, 4 FLOPs a channel and pair.</summary>
    [Fact]
    public void NewToken_Counted_LooksAtThePositionsBefore()
    {
        var attention = Assert.Single(OpCounts.NewToken(Config, 5), op => op.Op == "attention_cached");
        Assert.Equal(new CountedOp("attention_cached", "h.*.attn", 2, 4 * 8 * 5, 4 * (2 * 4 * 8 + 2 * 8 + 3 * 8 + 8)), attention);
    }

    private static void AssertSame(Recorder computed, IReadOnlyList<CountedOp> counted) =>
        Assert.Equal(
            computed.Calls.GroupBy(call => call).Select(same => (same.Key, same.Count())).Order(),
            counted.GroupBy(op => (op.Op, op.Flops, op.Bytes)).Select(same => (same.Key, same.Sum(op => op.Calls))).Order());
}
