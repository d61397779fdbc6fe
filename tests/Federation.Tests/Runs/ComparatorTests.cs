namespace LoraCollab.Federation.Tests;

public sealed class ComparatorTests : IDisposable
{
    private readonly SmallRun _run = new();

    private Collaboration Open(ComputeBackend backend, CollaborationOptions? options = null, FederatedData? data = null) =>
        new(options ?? SmallRun.Options, new CollaborationInputs("random", SmallRun.Weights(), data ?? SmallRun.Data, backend), _run.Settings("a"));

    [Fact]
    public void Run_EveryName_MeasuresEveryClientAndTellsTheSteps()
    {
        using var backend = TestBackends.Open(BackendKind.Reference);
        using var collaboration = Open(backend);
        collaboration.Run(new SilentObserver());
        var found = Comparators.Run(collaboration, SmallRun.Data, ComparatorNames.All);
        Assert.Equal(ComparatorNames.All, found.Keys);
        Assert.All(found.Values, c => Assert.Equal((4, c.ClientLosses.Average()), (c.ClientLosses.Count, c.MeanLoss)));
        Assert.Equal([8, 8, 32, 8, 8, 3], found.Values.Select(c => c.Steps!.Value));
        Assert.Equal(found.Count, found.Values.Select(c => c.MeanLoss).Distinct().Count());
        Assert.Equal(found[ComparatorNames.PooledAll].MeanLoss,
            Comparators.Run(collaboration, SmallRun.Data, [ComparatorNames.PooledAll])[ComparatorNames.PooledAll].MeanLoss);
    }

    [Theory]
    [InlineData(ComparatorNames.LocalWithTrustText)]
    [InlineData(ComparatorNames.LocalWithPublicText)]
    public void Run_LocalWithMoreText_IsLocalTrainingOnTheLongerText(string name)
    {
        using var backend = TestBackends.Open(BackendKind.Reference);
        using var collaboration = Open(backend);
        var found = Comparators.Run(collaboration, SmallRun.Data, [name])[name];
        var longer = SmallRun.Data with
        {
            Clients = [.. SmallRun.Data.Clients.Select(c =>
                c with { Train = [.. c.Train, .. name == ComparatorNames.LocalWithTrustText ? c.TrustValidation : SmallRun.Data.Reference] })],
        };
        using var expected = Open(backend, SmallRun.Options with { Schemes = ["local"] }, longer);
        Assert.Equal(expected.Run(new SilentObserver()).Schemes["local"].Clients.Select(c => c.Loss), found.ClientLosses);
    }

    [Fact]
    public void Run_FineTuned_GoesOnFromTheLastFedAvgAdapterAtTheScheduleLastRate()
    {
        using var backend = TestBackends.Open(BackendKind.Reference);
        using var collaboration = Open(backend);
        collaboration.Run(new SilentObserver());
        double found = Comparators.Run(collaboration, SmallRun.Data, [ComparatorNames.FedAvgFineTuned])[ComparatorNames.FedAvgFineTuned].ClientLosses[2];

        var options = collaboration.Options;
        var lora = new LoraOptions { Rank = 2, Alpha = 32, Dropout = 0.1f, Targets = LoraTargets.Attention };
        using var model = GptModel.Frozen(backend, SmallRun.Weights());
        using var trainer = new LoraTrainer(model, lora, new TrainingOptions
        {
            BatchSize = 2,
            SequenceLength = 8,
            Schedule = new ConstantRate(5e-3 / 5),
            AdamW = new AdamWOptions { Beta1 = options.Beta1, Beta2 = options.Beta2, WeightDecay = options.WeightDecay, ClipNorm = 0 },
            Dropout = DropoutRates.Of(0, 0.1f),
            Seed = options.Seed,
        }, 2);
        trainer.Adapter.Set(PeftAdapter.Load(Path.Combine(_run.Folder("a"), "adapters", "fedavg", "client_2"), model.Config).Values);
        using var pass = new GptPass(model, backend, 2, 8, PassKind.Lora, lora);
        var sampler = new BatchSampler(SmallRun.Data.Clients[2].Train, 8, options.Seed, 2);
        for (int step = 8; step < 11; step++) trainer.Step(pass, (_, micro, inputs, targets) => sampler.Fill(step, micro, inputs, targets));
        using var reading = new GptPass(model, backend, 4, 8, PassKind.Forward, lora);
        Assert.Equal(new Evaluator(reading).Evaluate(new EvaluationWindows(SmallRun.Data.Clients[2].ReportValidation, 8), trainer.Adapter).Loss, found, 1e-9);
    }

    [Fact]
    public void Run_WhatTheRunCannotServe_IsRefusedByName()
    {
        using var backend = TestBackends.Open(BackendKind.Reference);
        using var collaboration = Open(backend, SmallRun.Options with { Schemes = ["local"] });
        Assert.Contains("add fedavg", Refusal(ComparatorNames.FedAvgFineTuned, SmallRun.Data));
        Assert.Contains("reported text",
            Refusal(ComparatorNames.LocalWithTrustText, SmallRun.Data with { Manifest = SmallRun.Data.Manifest with { TrustIsReport = true } }));
        Assert.Contains("no public text", Refusal(ComparatorNames.LocalWithPublicText, SmallRun.Data with { Reference = [] }));
        Assert.Contains("not one of", Refusal("pooled", SmallRun.Data));

        string Refusal(string name, FederatedData data) => Assert.ThrowsAny<UserException>(() => Comparators.Run(collaboration, data, [name])).Message;
    }

    public void Dispose() => _run.Dispose();
}
