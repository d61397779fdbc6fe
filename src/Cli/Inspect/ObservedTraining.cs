namespace LoraCollab.Cli.Inspect;

/// <summary>
/// A training as <c>train</c>, or with --mode full <c>pretrain</c>, would begin it on the same text, at one constant rate, brought to the step at which it
/// is looked at.
/// </summary>
internal sealed class ObservedTraining : IDisposable
{
    private readonly Stack<IDisposable> _owned = new();

    /// <exception cref="UserException">A value, file or model is not what it should be.</exception>
    /// <exception cref="NonFiniteException">The loss became NaN or infinite in the steps before.</exception>
    public ObservedTraining(GradientOptions options)
    {
        try
        {
            var (seed, full, steps) = (options.Seed, options.Mode == "full", options.Iterations);
            var source = Own(ModelSource.Open(options.Model, seed));
            var adapter = AdapterOf(options, source, full);
            var lora = full ? null : adapter?.Options ?? options.Lora;
            Rate = options.Lr;
            var training = Training(options, source, lora, Rate, seed);
            var corpus = options.Text.Open(null);
            var (text, _) = HoldOut.Split(corpus, source.Tokenizer(options.Tokenizer), TextSplit.HeldOut);
            TextSplit.RequireWindow(text, training.SequenceLength, $"--data {options.Text.Data}, the part to train on");
            Fill = new BatchSampler(text, training.SequenceLength, seed, client: 0).Fill;
            RequireMemory(source.Config, training, lora, options.Machine.Size);

            var backend = Own(options.Machine.Open());
            var model = Own(full ? GptModel.ForTraining(backend, source.Weights) : GptModel.Frozen(backend, source.Weights));
            var pass = Own(new GptPass(model, backend, training.BatchSize, training.SequenceLength, full ? PassKind.Full : PassKind.Lora, lora));
            Subject = lora is null ? Full(model, pass, training, steps) : Lora(model, pass, training, steps, lora, adapter, seed);
            string what = lora is null ? "every weight" : adapter is null ? $"a new adapter of rank {lora.Rank}"
                : $"the adapter {ShortPath.Of(options.Adapter!)}";
            Text = $"{source.Name}, {what}, {training.BatchSize} × {training.SequenceLength} tokens of {corpus.Name}, after {steps} steps";
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public GradientSubject Subject { get; }

    public BatchFill Fill { get; }

    public double Rate { get; }

    /// <summary>What is looked at, for people.</summary>
    public string Text { get; }

    public void Dispose()
    {
        while (_owned.TryPop(out var one)) one.Dispose();
    }

    private static PeftAdapter? AdapterOf(GradientOptions options, ModelSource source, bool full)
    {
        if (options.Adapter is null) return null;
        if (full) throw new UserException("--adapter and --mode full exclude each other: with every weight trained there is no adapter");
        if (((string[])["rank", "alpha", "targets"]).Any(options.Given.Has))
            throw new UserException($"--adapter {options.Adapter} has its own rank, alpha and targets: leave out --rank, --alpha and --targets");
        var adapter = source.Adapter(options.Adapter)!;
        adapter.RequireTrainable(options.Adapter);
        return options.Given.Has("lora-dropout") ? adapter with { Options = adapter.Options with { Dropout = options.Lora.Dropout } } : adapter;
    }

    private static TrainingOptions Training(GradientOptions options, ModelSource source, LoraOptions? lora, double rate, ulong seed)
    {
        int length = source.Window(options.SequenceLength, 64);
        BatchSizeOptionAttribute.RequireAddressable(options.BatchSize, length);
        return new TrainingOptions
        {
            BatchSize = options.BatchSize,
            SequenceLength = length,
            Schedule = new ConstantRate(rate),
            Dropout = DropoutRates.Of((float)options.Dropout, lora?.Dropout ?? 0),
            Seed = seed,
        };
    }

    private static void RequireMemory(GptConfig config, TrainingOptions training, LoraOptions? lora, ComputeSize on) => (lora is null
        ? MemoryEstimate.ForFullTraining(config, training.BatchSize, training.SequenceLength, on)
        : MemoryEstimate.ForAdapters(config, lora, 1, 1, training.BatchSize, training.SequenceLength, on)).Require();

    private GradientSubject Full(GptModel model, GptPass pass, TrainingOptions training, int steps)
    {
        var trainer = Own(new FullTrainer(model, training));
        for (int s = 0; s < steps; s++) trainer.Step(pass, Fill);
        return new GradientSubject(trainer, pass);
    }

    private GradientSubject Lora(GptModel model, GptPass pass, TrainingOptions training, int steps, LoraOptions lora, PeftAdapter? adapter, ulong seed)
    {
        var trainer = Own(new LoraTrainer(model, lora, training, client: 0));
        if (adapter is null) trainer.Adapter.Initialise(LoraInitialisation.Inputs, seed, client: 0);
        else trainer.Adapter.Set(adapter.Values);
        if (adapter?.Correction is { } correction) trainer.Adapter.Correction = Own(new WeightCorrection(model.Backend, model, lora, correction));
        for (int s = 0; s < steps; s++) trainer.Step(pass, Fill);
        return new GradientSubject(trainer, pass, Trained: adapter is not null);
    }

    private T Own<T>(T one) where T : IDisposable
    {
        _owned.Push(one);
        return one;
    }
}
