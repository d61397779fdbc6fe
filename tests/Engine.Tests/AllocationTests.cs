namespace LoraCollab.Engine.Tests;

/// <summary>A training step allocates nothing, on any thread. Alone in the process, since the counter is the process's.</summary>
[Collection(nameof(Alone))]
public class AllocationTests
{
    private static readonly TrainingOptions Options = TrainingTests.Options;
    private static readonly BatchFill Batches = SmallModel.Changing(131);

    [Fact]
    public void Lora_AHundredStepsAfterWarmUp_AllocateNothingOnAnyThread()
    {
        using var backend = TestBackends.Create(BackendKind.Host, 2);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        using var trainer = new LoraTrainer(model, TrainingTests.AllTargets, Options, client: 0);
        trainer.Adapter.Initialise(LoraInitialisation.Inputs, 9, 0);
        using var pass = new GptPass(model, backend, Options.BatchSize, Options.SequenceLength, PassKind.Lora, TrainingTests.AllTargets);
        AssertNoAllocation(() => trainer.Step(pass, Batches));
    }

    [Fact]
    public void Full_AHundredStepsAfterWarmUp_AllocateNothingOnAnyThread()
    {
        using var backend = TestBackends.Create(BackendKind.Host, 2);
        using var model = GptModel.ForTraining(backend, new RandomWeights(SmallModel.Odd, 1));
        using var trainer = new FullTrainer(model, Options);
        using var pass = new GptPass(model, backend, Options.BatchSize, Options.SequenceLength, PassKind.Full);
        AssertNoAllocation(() => trainer.Step(pass, Batches));
    }

    /// <summary>
    /// Two thousand steps, on the backend itself and on a lane of it, hold what the first ones held: no byte more in the heap, on any thread, or outside it.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lora_TwoThousandSteps_HoldNoMoreThanTheFirst(bool onLane)
    {
        using var backend = new HostBackend(2);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        var options = Options with { SequenceLength = SmallModel.Tiny.Context };
        using var trainer = new LoraTrainer(model, TrainingTests.AllTargets, options, client: 0);
        trainer.Adapter.Initialise(LoraInitialisation.Inputs, 9, 0);
        using var lane = onLane ? backend.CreateLane(2) : null;
        using var pass = new GptPass(model, lane ?? backend, options.BatchSize, options.SequenceLength, PassKind.Lora, TrainingTests.AllTargets);
        var batches = SmallModel.Changing(SmallModel.Tiny.Vocabulary);
        AssertNoAllocation(() => trainer.Step(pass, batches), steps: 2000);
    }

    private static void AssertNoAllocation(Func<double> step, int steps = 100)
    {
        for (int i = 0; i < 10; i++) step();
        // A collection or a compilation elsewhere in the process may fall into one measurement, a leak falls into all.
        long least = long.MaxValue, held = AlignedMemory.HeldBytes;
        Assert.True(held > 0, "the counter of memory outside the heap counts nothing");
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < steps; i++) step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, least);
        // What an earlier test left behind may be freed meanwhile.
        Assert.InRange(AlignedMemory.HeldBytes, 0, held);
    }
}
