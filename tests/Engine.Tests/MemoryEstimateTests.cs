namespace LoraCollab.Engine.Tests;

/// <summary>That the estimate made before a run is what the backend's ledger shows after a step of it, group by group.</summary>
public sealed class MemoryEstimateTests
{
    private const double Tolerance = 0.03;

    /// <summary>Wide enough that the ops take their workspaces, and use all threads.</summary>
    private static readonly GptConfig Config = new(3, 4, 64, 700, 96);

    public static TheoryData<BackendKind, int, int, int> Sizes => new()
    {
        { BackendKind.Host, 1, 4, 64 },
        { BackendKind.Host, 2, 4, 64 },
        { BackendKind.Host, 1, 1, 96 },
        { BackendKind.Host, 1, 16, 16 },
        { BackendKind.Reference, 1, 2, 8 },
        { BackendKind.Simulator, 1, 1, 8 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void ForAdapters_AfterAStepOfTrain_IsWhatTheBackendHolds(BackendKind kind, int threads, int batch, int length)
    {
        foreach (var lora in new[] { new LoraOptions(), new LoraOptions { Rank = 8, Targets = LoraTargets.All, Dropout = 0.1f } })
        {
            using var backend = Backends.Create(kind, threads);
            using (var model = GptModel.Frozen(backend, new RandomWeights(Config, 1)))
            using (var trainer = new LoraTrainer(model, lora, Training(batch, length, lora.Dropout), client: 0))
            using (var pass = new GptPass(model, backend, batch, length, PassKind.Lora, lora))
            {
                trainer.Step(pass, Fill);
                RequireEqual(MemoryEstimate.ForAdapters(Config, lora, 1, 1, batch, length, new ComputeSize(kind, threads)), backend.Memory);
            }
            Assert.Equal([MemoryGroup.Workspace], MemoryGroups.Live(backend.Memory).Keys.DefaultIfEmpty(MemoryGroup.Workspace));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void ForFullTraining_AfterAStepOfPretrain_IsWhatTheBackendHolds(BackendKind kind, int threads, int batch, int length)
    {
        using var backend = Backends.Create(kind, threads);
        using var model = GptModel.ForTraining(backend, new RandomWeights(Config, 1));
        using var trainer = new FullTrainer(model, Training(batch, length, 0));
        using var pass = new GptPass(model, backend, batch, length, PassKind.Full);
        trainer.Step(pass, Fill);
        RequireEqual(MemoryEstimate.ForFullTraining(Config, batch, length, new ComputeSize(kind, threads)), backend.Memory);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void ForEvaluation_AfterABatch_IsWhatTheBackendHolds(BackendKind kind, int threads, int batch, int length)
    {
        using var backend = Backends.Create(kind, threads);
        using var model = GptModel.Frozen(backend, new RandomWeights(Config, 1));
        using var pass = new GptPass(model, backend, batch, length, PassKind.Forward);
        pass.Evaluate(new int[batch * length], new int[batch * length], batch, null);
        RequireEqual(MemoryEstimate.ForEvaluation(Config, null, batch, length, new ComputeSize(kind, threads)), backend.Memory);
    }

    private static TrainingOptions Training(int batch, int length, double loraDropout) => new()
    {
        BatchSize = batch,
        SequenceLength = length,
        Schedule = new ConstantRate(1e-3),
        Dropout = DropoutRates.Of(0.1f, (float)loraDropout),
        AdamW = new AdamWOptions { ClipNorm = 1 },
    };

    private static void Fill(long step, int micro, Span<int> ids, Span<int> targets)
    {
        for (int i = 0; i < ids.Length; i++) (ids[i], targets[i]) = (i * 7 % Config.Vocabulary, i * 11 % Config.Vocabulary);
    }

    private static void RequireEqual(MemoryEstimate expected, MemoryLedger actual)
    {
        var groups = MemoryGroups.AtPeak(actual);
        Assert.False(groups.ContainsKey(MemoryGroup.Other), string.Join(", ", actual.Accounts().Where(a => MemoryGroups.Of(a.Name) == MemoryGroup.Other)));
        foreach (var group in Enum.GetValues<MemoryGroup>().Where(g => g != MemoryGroup.Workspace))
            Assert.True(expected[group] == groups.GetValueOrDefault(group), $"{group}: {expected[group]} estimated, {groups.GetValueOrDefault(group)} held");
        double ratio = expected.Total / (double)actual.Peak;
        Assert.True(Math.Abs(ratio - 1) <= Tolerance, $"{expected.Total} bytes estimated, {actual.Peak} held; "
            + $"of workspaces {expected.Workspace} and {groups.GetValueOrDefault(MemoryGroup.Workspace)}");
    }
}
