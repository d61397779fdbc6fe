using LoraCollab.Cli.Opening;
using LoraCollab.Data;
using LoraCollab.Federation;
using LoraCollab.Kernels;

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

    public static CollabSetup Of(CollabArguments text)
    {
        var choice = BackendChoice.Of(text);
        var given = CollabOptionText.Options(text);
        var settings = CollabOptionText.Settings(text, choice);
        CollabOptionText.Comparators(text);
        var resolved = given.Resolve();
        var model = ModelSource.Open(text.Model, resolved.Seed);
        ComputeBackend? backend = null;
        try
        {
            var tokenizer = model.Tokenizer(text.Tokenizer);
            var corpus = CorpusChoice.Open(text, CollabOptionText.Corpus(text, resolved.DataSeed!.Value));
            var data = FederatedData.Partition(corpus, tokenizer, Deal(text, resolved, corpus));
            backend = choice.Open();
            var inputs = new CollaborationInputs(model.Folder ?? model.Name, model.Weights, data, backend);
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

    public void Dispose()
    {
        Collaboration.Dispose();
        Backend.Dispose();
        Model.Dispose();
    }

    private static PartitionOptions Deal(CollabArguments text, CollaborationOptions options, ICorpus corpus)
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
