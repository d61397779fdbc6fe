namespace LoraCollab.Cli.Bench;

[Verb("bench step", "Time one training step and one evaluation, random weights, as one JSON line.")]
[Example("GPT-2 124M with two threads", "--batch-size 4 --sequence-length 64 --threads 2")]
internal sealed class BenchStepCommand : BenchOptions
{
    [ModeOption]
    public string Mode { get; init; } = "lora";

    public override int Run(CommandContext context)
    {
        var plan = BenchPlan.Of(this);
        bool lora = Mode == "lora";
        (lora ? MemoryEstimate.ForAdapters(plan.Config, plan.Lora, 1, 1, plan.Batch, plan.Length, plan.Backend.Size)
            : MemoryEstimate.ForFullTraining(plan.Config, plan.Batch, plan.Length, plan.Backend.Size)).Require();
        using var backend = plan.Backend.Open();
        var timing = lora ? Lora(plan, backend) : Full(plan, backend);
        context.Out.WriteLine(JsonText.Line(new
        {
            peer = "loracollab",
            L = plan.Config.Layers,
            H = plan.Config.Heads,
            C = plan.Config.Channels,
            V = plan.Config.Vocabulary,
            B = plan.Batch,
            T = plan.Length,
            R = plan.Lora.Rank,
            lora,
            all = plan.Lora.Targets == LoraTargets.All,
            threads = plan.Backend.Threads,
            trainable = timing.Trainable,
            train_ms = Math.Round(timing.TrainMs, 2),
            train_tok_s = Math.Round(plan.TokensPerStep / timing.TrainMs * 1e3, 1),
            eval_ms = Math.Round(timing.EvalMs, 2),
            eval_tok_s = Math.Round(plan.TokensPerStep / timing.EvalMs * 1e3, 1),
            peak_rss_mb = Stopwatches.PeakMegabytes(),
            allocated_bytes = timing.AllocatedBytes,
            backend = backend.Description,
        }));
        return ExitCode.Success;
    }

    private readonly record struct Timing(long Trainable, double TrainMs, double EvalMs, long AllocatedBytes);

    private static Timing Lora(BenchPlan plan, ComputeBackend backend)
    {
        using var model = GptModel.Frozen(backend, new RandomWeights(plan.Config, BenchPlan.Seed));
        using var trainer = new LoraTrainer(model, plan.Lora, plan.Training(lora: true), client: 0);
        trainer.Adapter.Initialise(LoraInitialisation.Inputs, BenchPlan.Seed, client: 0);
        using var pass = new GptPass(model, backend, plan.Batch, plan.Length, PassKind.Lora, plan.Lora);
        var fill = plan.RandomTokens(stream: 0);
        return Measure(plan, backend, trainer.Adapter.Layout.Length, () => trainer.Step(pass, fill),
            (x, y) => pass.Evaluate(x, y, plan.Batch, trainer.Adapter).Mean);
    }

    private static Timing Full(BenchPlan plan, ComputeBackend backend)
    {
        using var model = GptModel.ForTraining(backend, new RandomWeights(plan.Config, BenchPlan.Seed));
        using var trainer = new FullTrainer(model, plan.Training(lora: false));
        using var pass = new GptPass(model, backend, plan.Batch, plan.Length, PassKind.Full);
        var fill = plan.RandomTokens(stream: 0);
        return Measure(plan, backend, model.Layout.Length, () => trainer.Step(pass, fill), (x, y) => pass.Evaluate(x, y, plan.Batch, null).Mean);
    }

    /// <summary>One step and one evaluation to warm up, then the timed ones. What is allocated in the timed steps is counted over all threads.</summary>
    private static Timing Measure(BenchPlan plan, ComputeBackend backend, long trainable, Func<double> step, Func<int[], int[], double> evaluate)
    {
        int[] inputs = new int[plan.TokensPerStep], targets = new int[plan.TokensPerStep];
        var fill = plan.RandomTokens(stream: 1);
        double[] train = new double[plan.Steps], eval = new double[plan.Steps];
        Action<int> timedStep = _ =>
        {
            step();
            backend.Synchronize();
        };
        Action<int> timedEvaluation = s =>
        {
            fill(s, 0, inputs, targets);
            evaluate(inputs, targets);
        };
        timedStep(0);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Stopwatches.Time(train, timedStep);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        timedEvaluation(0);
        Stopwatches.Time(eval, timedEvaluation);
        return new Timing(trainable, Stopwatches.Median(train), Stopwatches.Median(eval), allocated);
    }
}
