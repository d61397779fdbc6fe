using System.Diagnostics;

namespace LoraCollab.Federation;

/// <summary>
/// A run: N clients over one frozen base, each training its own adapter, under one scheme after the other. All schemes see the same batches and share the
/// iterations before the first aggregation. The loop itself is <see cref="RoundLoop"/>.
/// </summary>
public sealed class Collaboration : IDisposable
{
    private readonly RunSettings _settings;
    private readonly List<string> _notes = [];
    private Workspace? _workspace;

    /// <param name="options">What runs; resolved here.</param>
    /// <param name="inputs">On what.</param>
    /// <param name="settings">Where and how.</param>
    /// <exception cref="UserException">Options that make no run, or do not fit data or model.</exception>
    public Collaboration(CollaborationOptions options, CollaborationInputs inputs, RunSettings settings)
    {
        _settings = settings;
        if (settings.CheckpointEvery < 1) throw new OptionException("checkpoint-every", settings.CheckpointEvery, "expected at least 1");
        if (settings.Threads < 1) throw new OptionException("threads", settings.Threads, "expected at least 1");
        Options = StartingFrom(FittingData(options.Resolve(), inputs), inputs.Start);
        Inputs = inputs with { ModelHash = inputs.ModelHash, Data = Attack.OnText(inputs.Data, Options) };
        Identity = new RunIdentity
        {
            Options = Options,
            DataHash = inputs.DataHash(),
            TokenizerHash = inputs.Data.Manifest.TokenizerHash,
            ModelHash = inputs.ModelHash,
            Backend = inputs.Backend.Kind,
        };
        Plan = RunPlan.Of(Options, inputs, settings);
    }

    /// <summary>The options, every null decided; a scheme the data cannot serve is left out.</summary>
    public CollaborationOptions Options { get; }

    public RunIdentity Identity { get; }

    /// <summary>The run folder.</summary>
    public string Folder => _settings.FolderOf(Identity.Id());

    public RunPlan Plan { get; }

    /// <summary>The lanes on which clients are trained and evaluated side by side, for whoever wants to observe them.</summary>
    /// <exception cref="UserException">The run needs more memory than the machine has.</exception>
    public IReadOnlyList<ComputeBackend> Lanes => [.. Workspace().Lanes.Backends];

    internal CollaborationInputs Inputs { get; }

    /// <summary>
    /// Refuses a run folder that <see cref="Run"/> could not use, before anything is computed; true where it holds this run's result, which would be given
    /// back.
    /// </summary>
    /// <exception cref="UserException">The run folder cannot be used.</exception>
    public bool RequireFolder() => RunFolder.Check(Identity, _settings) == RunState.Finished;

    /// <summary>Trains and evaluates one client that is thrown away, for a few steps, and estimates the seconds of the whole run.</summary>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    public double EstimateSeconds()
    {
        var workspace = Workspace();
        using var client = new Client(0, Inputs.Data.Clients[0], workspace);
        var lane = workspace.Lanes.First;
        int batch = workspace.EvaluationBatch, length = Options.SequenceLength;
        try
        {
            double step = BestOf(() => client.Trainer.Step(lane.Training, client.Fill));
            double pass = BestOf(() => lane.Evaluator.Evaluate(client.Fill, 1, batch, length, client.Trainer.Adapter));
            double trainToken = step / ((long)Options.BatchSize * Options.AccumulationSteps * length), readToken = pass / ((long)batch * length);
            return (trainToken * Plan.TrainTokens + readToken * (Plan.EvaluationTokens + Plan.TrustTokens)) / workspace.Lanes.Count;
        }
        catch (ComputationFailedException e)
        {
            throw new CollaborationFailedException($"client 0, the first steps: {e.Message}", e);
        }
    }

    /// <summary>The shorter of two runs after one that warms up, in seconds.</summary>
    private static double BestOf(Action action)
    {
        double best = double.PositiveInfinity;
        for (int run = 0; run < 3; run++)
        {
            var watch = Stopwatch.StartNew();
            action();
            if (run > 0) best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }
        return best;
    }

    /// <summary>Runs to the end, or gives back the stored result of the same configuration.</summary>
    /// <exception cref="UserException">The run folder cannot be used.</exception>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Stopped; a checkpoint was written, from which the run can be resumed.</exception>
    public RunSummary Run(IRunObserver observer, CancellationToken stop = default)
    {
        using var folder = RunFolder.Open(Identity, _settings);
        foreach (string note in _notes) observer.Noted(note);
        if (folder.State == RunState.Finished)
        {
            observer.Noted($"this run is done: its stored result is in {folder.Root}");
            var summary = RunFolder.ReadSummary(folder.Root);
            RunConsistency.RequireFits(Path.Combine(folder.Root, "summary.json"), summary, Inputs.Data.Manifest, Options.Schemes);
            return summary;
        }
        if (folder.State == RunState.InterruptedWithoutCheckpoint || (_settings.Resume && folder.State == RunState.New))
            observer.Noted($"{folder.Root} holds no checkpoint: the run begins at its start");
        using var loop = new RoundLoop(this, Inputs, _settings, folder, Workspace(), new ProgressMeter(observer), stop);
        return loop.Run();
    }

    public void Dispose() => _workspace?.Dispose();

    /// <exception cref="UserException">It needs more memory than the machine has.</exception>
    internal Workspace Workspace()
    {
        if (_workspace is not null) return _workspace;
        if (Inputs.Backend.Kind is BackendKind.Host or BackendKind.Reference) Plan.Memory.Require();
        return _workspace = new Workspace(Options, Inputs, _settings.Threads);
    }

    /// <summary>The options with the hash of the adapter that clients start from.</summary>
    /// <exception cref="UserException">It is not the run's, has another form than its adapters, or every client is to draw an A of its own.</exception>
    private static CollaborationOptions StartingFrom(CollaborationOptions options, PeftAdapter? start)
    {
        string? hash = start?.Hash();
        if (options.Adapter is { } recorded && recorded != hash)
            throw new UserException($"the adapter to start from: the run began with the one of hash {recorded[..Math.Min(12, recorded.Length)]}, "
                + $"found {(hash is null ? "none" : hash[..12])}");
        if (start is null) return options;
        if (options.Compat.IsPaper(Trap.OwnA))
            throw new OptionException("adapter", null, "every client starts from the same A, but trap 2 = paper gives each its own; "
                + "leave the adapter out, or give trap 2 = corrected");
        var own = options.AdapterForm();
        if (own with { Dropout = start.Options.Dropout } != start.Options)
            throw new UserException($"the adapter to start from has the form {start.Options}, the run's adapters have {own}");
        return options with { Adapter = hash };
    }

    private CollaborationOptions FittingData(CollaborationOptions options, CollaborationInputs inputs)
    {
        var data = inputs.Data;
        int context = inputs.Weights.Config.Context;
        Topology.Parse(options.Topology, data.Clients.Count);
        if (options.Neighbours > data.Clients.Count)
            throw new OptionException("neighbours", options.Neighbours, $"there are {data.Clients.Count} clients, oneself counted; give at most that");
        if (options.SequenceLength > context)
            throw new OptionException("sequence-length", options.SequenceLength, $"the model's context is {context}; give at most that");
        if (data.Manifest.VocabularySize > inputs.Weights.Config.Vocabulary)
            throw new OptionException("tokenizer", null, $"it has {data.Manifest.VocabularySize} tokens, the model {inputs.Weights.Config.Vocabulary}; "
                + "give the tokenizer the model was made with");
        options = StrategyRules.FittingData(options, data, _notes.Add);
        UploadRules.RequireClients(options, data.Clients.Count);
        return options;
    }
}
