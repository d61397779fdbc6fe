namespace LoraCollab.Cli.Collab;

/// <summary>Everything a run needs, opened and checked: model, tokenizer, data dealt to clients, device.</summary>
internal sealed class CollabSetup : IDisposable
{
    private CollabSetup(ModelSource model, ITokenizer tokenizer, ICorpus corpus, ComputeBackend backend, Collaboration collaboration,
        CollaborationInputs inputs) =>
        (Model, Tokenizer, Corpus, Backend, Collaboration, Inputs) = (model, tokenizer, corpus, backend, collaboration, inputs);

    public ModelSource Model { get; }

    public ITokenizer Tokenizer { get; }

    public ICorpus Corpus { get; }

    public ComputeBackend Backend { get; }

    public Collaboration Collaboration { get; }

    public CollaborationInputs Inputs { get; }

    public FederatedData Data => Inputs.Data;

    /// <param name="command">The options.</param>
    /// <param name="error">Told what of the data is left out; null: nobody is, and the manifest says it.</param>
    /// <param name="profiling">Whether profilers will ask the device for its own times.</param>
    /// <param name="runs">Where runs without a folder of their own are kept, by their ids; null: the standard place.</param>
    public static CollabSetup Of(CollabCommand command, TextWriter? error = null, bool profiling = false, string? runs = null)
    {
        var (given, settings) = (command.Given, command.Settings);
        if (settings is { Resume: true, Fresh: true })
            throw new UserException("--resume and --fresh exclude each other: go on from the checkpoint, or run anew");
        if (settings is { Resume: true, Out: { } folder }) given = RunSource.Found(given, folder);
        var source = OptionTable.Read(new SourceOptions(), given);
        settings = settings with { Runs = runs ?? settings.Runs, Threads = command.Machine.Threads, Source = RunSource.Of(given) };
        return Of(source, given, command.Options, settings, command.Machine with { Profiling = profiling }, model => Start(command, model),
            command.PretrainingText, error);
    }

    /// <summary>Opens what a finished run worked on, to look at it under options that may differ in what concerns trust.</summary>
    /// <param name="run">The run.</param>
    /// <param name="given">Which model and text, and what is to differ; where nothing is given, what the run was given.</param>
    /// <param name="machine">Where to compute; where nothing is given, where the run did.</param>
    /// <param name="schemes">What will be asked for beside the run's own schemes.</param>
    public static CollabSetup OfRun(RunRecord run, OptionValues given, BackendChoice machine, IEnumerable<string>? schemes = null)
    {
        given = RunSource.Filled(given, run.Folder);
        machine = machine with { Standard = run.Identity.Backend };
        // The schemes that are asked for are no part of what is asked of them.
        var options = OptionTable.Read(run.Identity.Options, new OptionValues(given).Remove("schemes"));
        return Of(OptionTable.Read(new SourceOptions(), given), given, options with { Schemes = [.. options.Schemes.Union(schemes ?? [])] },
            new RunSettings { Out = run.Folder, Threads = machine.Threads }, machine, model => StartOf(run, model));
    }

    /// <param name="source">Which model and text.</param>
    /// <param name="given">Which options were given.</param>
    /// <param name="asked">The run's options.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="machine">On what device.</param>
    /// <param name="start">The adapter that every client starts from, given the model; null: a fresh one.</param>
    /// <param name="pretraining">What the model was pretrained on, to mark the data with; null: not checked.</param>
    /// <param name="error">Told what of the data is left out; null: nobody is.</param>
    public static CollabSetup Of(
        SourceOptions source, OptionValues given, CollaborationOptions asked, RunSettings settings, BackendChoice machine, Func<GptConfig, PeftAdapter?> start,
        string? pretraining = null, TextWriter? error = null)
    {
        var resolved = asked.Resolve();
        var model = ModelSource.Open(source.Model, resolved.Seed);
        ComputeBackend? backend = null;
        try
        {
            var tokenizer = model.Tokenizer(source.Tokenizer);
            var corpus = source.Text.Open(error, resolved.DataSeed!.Value);
            var data = FederatedData.Partition(corpus, tokenizer, Deal(source.Deal, given, resolved, corpus));
            if (error is not null) DataNote.Dealt(error, data.Manifest);
            if (pretraining is not null)
                data = PretrainingOverlap.Mark(data, corpus, Corpora.Open(pretraining, new CorpusOptions { TextField = source.Text.Corpus.TextField }));
            var adapter = start(model.Config);
            if (adapter is not null && asked.Adapter is null) asked = InFormOf(adapter.Options, asked);
            backend = machine.Open();
            var inputs = new CollaborationInputs(model.Reference, model.Weights, data, backend) { Start = adapter };
            if (model.Folder is null) inputs = inputs with { ModelHash = $"random weights of {model.Name}, seed {resolved.Seed}" };
            return new CollabSetup(model, tokenizer, corpus, backend, new Collaboration(asked, inputs, settings), inputs);
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

    private static PeftAdapter? Start(CollabCommand command, GptConfig model)
    {
        var (options, given) = (command.Options, command.Given);
        var lora = new LoraOptions
        {
            Rank = options.Rank,
            Alpha = options.Alpha,
            Dropout = (float)options.LoraDropout,
            Targets = options.Targets ?? LoraTargets.Attention,
        };
        if (LoraForm.Start(command.Adapter, lora, given, model) is not { } start) return null;
        if (given.Has("lora-init")) throw new UserException("--lora-init with --adapter: it spreads a fresh A, and there is none; leave one of the two out");
        if (options.RankStabilised && !start.Options.RankStabilised)
            throw new UserException($"--rslora: the adapter {command.Adapter} is scaled by alpha / rank, which cannot be changed; leave --rslora out");
        return start;
    }

    /// <summary>The options of a run whose adapters have the form of the one that it starts from.</summary>
    private static CollaborationOptions InFormOf(LoraOptions form, CollaborationOptions options) => options with
    {
        Rank = form.Rank,
        Alpha = form.Alpha,
        Targets = form.Targets,
        RankStabilised = form.RankStabilised,
        LoraDropout = (double)(decimal)form.Dropout, // 0.1 again, and not the nearest float
    };

    public void Dispose()
    {
        Collaboration.Dispose();
        Backend.Dispose();
        Model.Dispose();
    }

    private static PartitionOptions Deal(PartitionOptions sizes, OptionValues given, CollaborationOptions options, ICorpus corpus)
    {
        long trained = (long)options.Iterations * options.BatchSize * options.AccumulationSteps * options.SequenceLength;
        var deal = Partition.Of(sizes, given, options.DataSeed!.Value, options.SequenceLength, trained);
        return deal with
        {
            Distribution = Distribution.Parse(options.DistributionFor(deal.Distribution.Name, corpus.Categories.Count)),
            JoinWithBlank = options.Compat.IsPaperMode,
            TrustIsReport = options.Compat.IsPaper(Trap.SharedValidation),
        };
    }
}
