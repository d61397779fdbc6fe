namespace LoraCollab.Cli.Collab;

/// <summary>Everything a run needs, opened and checked: model, tokenizer, data dealt to clients, device.</summary>
internal sealed class CollabSetup : IDisposable
{
    private CollabSetup(ModelSource model, ITokenizer tokenizer, ICorpus corpus, ComputeBackend backend, Collaboration collaboration, CollaborationInputs inputs) =>
        (Model, Tokenizer, Corpus, Backend, Collaboration, Inputs) = (model, tokenizer, corpus, backend, collaboration, inputs);

    public ModelSource Model { get; }

    public ITokenizer Tokenizer { get; }

    public ICorpus Corpus { get; }

    public ComputeBackend Backend { get; }

    public Collaboration Collaboration { get; }

    public CollaborationInputs Inputs { get; }

    public FederatedData Data => Inputs.Data;

    /// <param name="text">The options.</param>
    /// <param name="error">Told what of the data is left out; null: nobody is, and the manifest says it.</param>
    /// <param name="profiling">Whether profilers will ask the device for its own times.</param>
    public static CollabSetup Of(CollabArguments text, TextWriter? error = null, bool profiling = false)
    {
        if (text is { Resume: true, Out: { } folder }) RunSource.Find(text, folder);
        var choice = BackendChoice.Of(text) with { Profiling = profiling };
        var given = CollabOptionText.Options(text);
        CollabOptionText.Comparators(text);
        var settings = CollabOptionText.Settings(text, choice) with { Source = RunSource.Of(text) };
        return Of(text, given, settings, choice, model => Start(text, model), text.PretrainingText, error);
    }

    /// <summary>Opens what a finished run worked on, to look at it under options that may differ in what concerns trust.</summary>
    /// <param name="run">The run.</param>
    /// <param name="text">Which model and text; where nothing is given, what the run was given.</param>
    /// <param name="trust">What is to differ; null: nothing.</param>
    /// <param name="backend">Where to compute; where nothing is given, where the run did.</param>
    /// <param name="schemes">What will be asked for beside the run's own schemes.</param>
    public static CollabSetup OfRun(RunRecord run, ISourceOptions text, ITrustOptions? trust, IBackendOptions backend, IEnumerable<string>? schemes = null)
    {
        RunSource.Fill(text, run.Folder);
        var choice = BackendChoice.Of(backend, run.Identity.Backend);
        var options = trust is null ? run.Identity.Options : CollabOptionText.Trust(trust, run.Identity.Options);
        var settings = new RunSettings { Out = run.Folder, Threads = choice.Threads };
        return Of(text, options with { Schemes = [.. options.Schemes.Union(schemes ?? [])] }, settings, choice, model => StartOf(run, model));
    }

    /// <param name="text">Which model and text.</param>
    /// <param name="given">The run's options.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="choice">On what device.</param>
    /// <param name="start">The adapter that every client starts from, given the model; null: a fresh one.</param>
    /// <param name="pretraining">What the model was pretrained on, to mark the data with; null: not checked.</param>
    /// <param name="error">Told what of the data is left out; null: nobody is.</param>
    public static CollabSetup Of(
        ISourceOptions text, CollaborationOptions given, RunSettings settings, BackendChoice choice, Func<GptConfig, PeftAdapter?> start,
        string? pretraining = null, TextWriter? error = null)
    {
        var resolved = given.Resolve();
        var model = ModelSource.Open(text.Model, resolved.Seed);
        ComputeBackend? backend = null;
        try
        {
            var tokenizer = model.Tokenizer(text.Tokenizer);
            var corpus = CorpusChoice.Open(text, CollabOptionText.Corpus(text, resolved.DataSeed!.Value), error);
            var data = FederatedData.Partition(corpus, tokenizer, Deal(text, resolved, corpus));
            if (error is not null) DataNote.Dealt(error, data.Manifest);
            if (pretraining is not null) data = PretrainingOverlap.Mark(data, corpus, Corpora.Open(pretraining, new CorpusOptions { TextField = text.TextField ?? new CorpusOptions().TextField }));
            var adapter = start(model.Config);
            if (adapter is not null && given.Adapter is null) given = CollabOptionText.InFormOf(adapter.Options, given);
            backend = choice.Open();
            var inputs = new CollaborationInputs(model.Reference, model.Weights, data, backend) { Start = adapter };
            if (model.Folder is null) inputs = inputs with { ModelHash = $"random weights of {model.Name}, seed {resolved.Seed}" };
            return new CollabSetup(model, tokenizer, corpus, backend, new Collaboration(given, inputs, settings), inputs);
        }
        catch
        {
            backend?.Dispose();
            model.Dispose();
            throw;
        }
    }

    /// <summary>The adapter that a finished run started from; null: a fresh one.</summary>
    public static PeftAdapter? StartOf(RunRecord run, GptConfig model) => run.Identity.Options.Adapter is null ? null : RunFolder.ReadStart(run.Folder, model);

    private static PeftAdapter? Start(CollabArguments text, GptConfig model)
    {
        if (LoraForm.Start(text, model) is not { } start) return null;
        if (text.LoraInit is not null) throw new UserException("--lora-init with --adapter: it spreads a fresh A, and there is none; leave one of the two out");
        if (text.RsLora && !start.Options.RankStabilised)
            throw new UserException($"--rslora: the adapter {text.Adapter} is scaled by alpha / rank, which cannot be changed; leave --rslora out");
        return start;
    }

    public void Dispose()
    {
        Collaboration.Dispose();
        Backend.Dispose();
        Model.Dispose();
    }

    private static PartitionOptions Deal(ISourceOptions text, CollaborationOptions options, ICorpus corpus)
    {
        long trained = (long)options.Iterations * options.BatchSize * options.AccumulationSteps * options.SequenceLength;
        var deal = Partition.Of(text, options.DataSeed!.Value, options.SequenceLength, trained);
        return deal with
        {
            Distribution = Distribution.Parse(options.DistributionFor(deal.Distribution.Name, corpus.Categories.Count)),
            JoinWithBlank = options.Compat.IsPaperMode,
            TrustIsReport = options.Compat.IsPaper(Trap.SharedValidation),
        };
    }
}
