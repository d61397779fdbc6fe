namespace LoraCollab.Federation.Participants;

/// <summary>The frozen base, the lanes over it, and how adapters are trained on it.</summary>
internal sealed class Workspace : IDisposable
{
    private const int EvaluationRows = 1024;

    private readonly float[]? _start;

    public Workspace(CollaborationOptions options, CollaborationInputs inputs, int threads)
    {
        (Options, Clients) = (options, inputs.Data.Clients.Count);
        Lora = options.AdapterForm();
        _start = inputs.Start?.Values;
        Training = new TrainingOptions
        {
            BatchSize = options.BatchSize,
            AccumulationSteps = options.AccumulationSteps,
            SequenceLength = options.SequenceLength,
            Schedule = new OneCycle(options.LearningRate!.Value, options.Iterations),
            AdamW = new AdamWOptions { Beta1 = options.Beta1, Beta2 = options.Beta2, WeightDecay = options.WeightDecay, ClipNorm = options.ClipNorm ?? 0 },
            Dropout = DropoutRates.Of((float)options.Dropout!.Value, (float)options.LoraDropout),
            Seed = options.Seed,
        };
        Model = GptModel.Frozen(inputs.Backend, options.Gelu is { } gelu ? new GeluWeights(inputs.Weights, gelu) : inputs.Weights);
        EvaluationBatch = EvaluationBatchOf(options);
        int lanes = Participants.Lanes.CountFor(inputs.Backend, Model.Config, options, Clients, threads);
        Lanes = new Lanes(Model, lanes, threads, Lora, options.BatchSize, EvaluationBatch, options.SequenceLength);
        Shape = AdapterShape.From(LoraLayout.Of(Model.Config, Lora), Lora.Scale);
    }

    public CollaborationOptions Options { get; }

    /// <summary>N.</summary>
    public int Clients { get; }

    public LoraOptions Lora { get; }

    public TrainingOptions Training { get; }

    public GptModel Model { get; }

    public Lanes Lanes { get; }

    public AdapterShape Shape { get; }

    /// <summary>Windows of a forward pass.</summary>
    public int EvaluationBatch { get; }

    /// <summary>
    /// [parameters]: the adapter before training, which nobody writes to: the one that the run starts from, or a fresh one, of which A is everybody's unless
    /// each draws its own (trap 2 = paper).
    /// </summary>
    /// <param name="number">Of the client, or of whatever else is trained.</param>
    public float[] Initial(int number) => _start ?? LoraAdapter.InitialValues(Model.Config, Lora, Options.LoraInit!.Value, Options.Seed,
        Options.Compat.IsPaper(Trap.OwnA) ? (uint)number : 0);

    /// <summary>Enough windows to keep a product busy, and no fewer than a batch.</summary>
    public static int EvaluationBatchOf(CollaborationOptions options) =>
        Math.Max(options.BatchSize, (EvaluationRows + options.SequenceLength - 1) / options.SequenceLength);

    /// <summary>Attention dropout that stays on in evaluation (trap 11 = paper), or none. Its masks are those of no training step.</summary>
    /// <param name="stream">Keeps the uses within a client apart.</param>
    public DropoutDraw EvaluationDropout(int client, int iteration, int stream)
    {
        const float PublishedRate = 0.2f;
        if (!Options.Compat.IsPaper(Trap.EvaluationDropout)) return DropoutDraw.None;
        ulong seed = new CounterRandom(Options.Seed, RandomPurpose.EvaluationWindows, client).At(iteration).Bits(stream);
        return new DropoutDraw(new DropoutRates(0, PublishedRate, 0, 0), seed, 0, (uint)client);
    }

    public void Dispose()
    {
        Lanes.Dispose();
        Model.Dispose();
    }
}

/// <summary>A model's weights under another form of GELU (trap 13).</summary>
internal sealed class GeluWeights(IWeights weights, GeluForm gelu) : IWeights
{
    public GptConfig Config { get; } = weights.Config with { Gelu = gelu };

    public void Read(string name, Span<float> destination) => weights.Read(name, destination);
}
