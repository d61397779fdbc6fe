using System.Diagnostics;

namespace LoraCollab.Cli.Profiling;

/// <summary>
/// Steps of `train` under a profiler, each after one without it, so that both see the same machine; then as many batches of evaluation. A model of random
/// weights
/// reads random tokens, unless there is a tokenizer for it.
/// </summary>
internal static class TrainProfile
{
    private const int LeastWarmUp = 1;

    /// <summary>The runtime compiles what runs often once more, in the background: by then it has done so.</summary>
    private const double WarmUpSeconds = 0.8;

    /// <param name="train">The training whose steps they are.</param>
    /// <param name="steps">Steps that are profiled.</param>
    /// <param name="backend">Where.</param>
    /// <param name="trace">Keep every call.</param>
    /// <param name="memory">Look at memory too.</param>
    /// <param name="progress">Told what is done.</param>
    public static ProfileResult Run(TrainCommand train, int steps, ComputeBackend backend, bool trace, bool memory, Action<string> progress)
    {
        ulong seed = train.Seed;
        using var source = ModelSource.Open(train.Model, seed);
        var start = LoraForm.Start(train.Adapter, train.Lora, train.Given, source.Config);
        var lora = start?.Options ?? train.Lora;
        var options = train.Training(source, lora);
        var fill = Batches(train, source, options);
        var estimate = MemoryEstimate.ForAdapters(source.Config, lora, 1, 1, options.BatchSize, options.SequenceLength,
            new ComputeSize(backend.Kind, backend.Threads));
        estimate.Require();
        using var model = GptModel.Frozen(backend, source.Weights);
        using var trainer = new LoraTrainer(model, lora, options, client: 0);
        LoraForm.Begin(trainer.Adapter, start, seed);
        using var pass = new GptPass(model, backend, options.BatchSize, options.SequenceLength, PassKind.Lora, lora);
        using var profiler = new OpProfiler(backend, trace);
        var evaluator = new Evaluator(pass);
        void Evaluate(int batches) => evaluator.Evaluate(fill, batches, options.BatchSize, options.SequenceLength, trainer.Adapter);

        progress($"warming up, then {steps} steps without and {steps} with the profiler in turn, then as many batches of evaluation");
        using (var first = new OpProfiler(backend, trace))
            for (long began = Stopwatch.GetTimestamp(), i = 0; i < LeastWarmUp || Stopwatch.GetElapsedTime(began).TotalSeconds < WarmUpSeconds; i++)
            {
                Step(null);
                Step(first);
                Evaluate(1);
            }
        backend.ForgetLaunches();
        double[] without = new double[steps], with = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            // Each goes first as often as the other.
            if (i % 2 == 0) without[i] = Step(null);
            with[i] = Step(profiler);
            if (i % 2 == 1) without[i] = Step(null);
        }
        profiler.Start();
        Evaluate(steps);
        profiler.Stop();
        double off = Stopwatches.Median(without), on = Stopwatches.Median(with);
        string what = $"train: {source.Name}, rank {lora.Rank}, {steps} steps of {Shape(options)} tokens and as many batches of evaluation";
        return new ProfileResult(what, backend.Description, steps, [profiler.Profile()], [profiler.Trace()],
            new ProfileCost(off, on, on / off - 1, $"medians of {steps}, in turn"))
        {
            Kernels = ProfileKernel.Of(backend),
            Memory = memory ? ProfileMemory.Of(backend.Memory, estimate) with { Against = new MemorySweep(model, lora, options).Run() } : null,
        };

        double Step(OpProfiler? observer)
        {
            long began = Stopwatch.GetTimestamp();
            observer?.Start();
            trainer.Step(pass, fill);
            observer?.Stop();
            backend.Synchronize();
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
    }

    private static string Shape(TrainingOptions o) => (o.AccumulationSteps == 1 ? "" : $"{o.AccumulationSteps} × ") + $"{o.BatchSize} × {o.SequenceLength}";

    private static BatchFill Batches(TrainCommand train, ModelSource source, TrainingOptions options)
    {
        if (source.Folder is null && !train.Given.Has("tokenizer") && !train.Given.Has("data"))
            return BenchPlan.RandomTokens(source.Config.Vocabulary, options.Seed, stream: 0);
        var (text, _) = HoldOut.Split(train.Text.Open(null), source.Tokenizer(train.Tokenizer), TextSplit.HeldOut);
        TextSplit.RequireWindow(text, options.SequenceLength, $"--data {train.Text.Data}, the part to train on");
        return new BatchSampler(text, options.SequenceLength, options.Seed, client: 0).Fill;
    }
}
