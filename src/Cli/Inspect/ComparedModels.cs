namespace LoraCollab.Cli.Inspect;

/// <summary>A text, and the models it is looked at under: the base, then with an adapter or with those of one or two clients.</summary>
internal sealed class ComparedModels : IDisposable
{
    private readonly ModelSource _source;
    private readonly ComputeBackend _backend;
    private readonly List<LoraAdapter> _adapters = [];

    /// <param name="options">Of the command.</param>
    /// <exception cref="UserException">A value, file or model is not what it should be.</exception>
    public ComparedModels(ComparisonOptions options)
    {
        string text = options.TextToLookAt;
        if (options.Adapter is not null && options.RunPath is not null)
            throw new UserException("--adapter and --run exclude each other: one adapter, or a run's clients");
        if (options.RunPath is null && ((string[])["client", "other", "schemes"]).Any(options.Given.Has))
            throw new UserException("--client, --other and --schemes choose among the adapters of a run; give --run DIR");
        var (model, tokenizer) = (options.Model, options.Tokenizer);
        var folders = options.RunPath is { } run ? OfRun(run, options, ref model, ref tokenizer) : options.Adapter is { } adapter ? [("adapter", adapter)] : [];
        _source = ModelSource.Open(model, seed: 1);
        _backend = options.Machine.Open();
        Tokenizer = _source.Tokenizer(tokenizer);
        Ids = Tokenizer.Encode(TextFile.WithoutMark(text));
        if (Ids.Length < 2) throw new UserException($"--text: expected two tokens or more, found {Ids.Length}");
        if (Ids.Length > _source.Config.Context)
            throw new UserException($"--text: {Ids.Length} tokens do not fit into the model's context of {_source.Config.Context}; give a shorter text");
        Labels = [.. Ids.Select(Label)];
        Model = GptModel.Frozen(_backend, _source.Weights);
        Variants = [("base", null), .. folders.Select(f => (f.Name, (LoraAdapter?)Place(f.Folder)))];
    }

    public GptModel Model { get; }

    public ITokenizer Tokenizer { get; }

    /// <summary>[T].</summary>
    public int[] Ids { get; }

    /// <summary>The tokens as they are shown.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The base first, with no adapter.</summary>
    public IReadOnlyList<(string Name, LoraAdapter? Adapter)> Variants { get; }

    /// <summary>The same look at every model, in the order of <see cref="Variants"/>.</summary>
    /// <exception cref="NonFiniteException">A model computes NaN or infinities: it is named, with its first bad tensor.</exception>
    public T[] Each<T>(Func<LoraAdapter?, T> look) => [.. Variants.Select(v =>
    {
        try
        {
            return look(v.Adapter);
        }
        catch (NonFiniteException e)
        {
            throw new NonFiniteException($"{v.Name}: {e.Message}", e.Tensor);
        }
    })];

    /// <summary>A token so that blanks, line ends and controls are seen; bytes that are no whole character in hexadecimal.</summary>
    public string Label(int id)
    {
        if (Token(id) is not { } text) return $"(no token {id})";
        return text.Contains('\uFFFD') ? $"<{Convert.ToHexString(Tokenizer.Bytes(id))}>" : ForeignText.Shown(text).Replace(' ', '·');
    }

    /// <summary>The text of a token; null for an id that the model has a row for and the tokenizer no token.</summary>
    public string? Token(int id) => id < Tokenizer.VocabularySize ? Tokenizer.Decode([id]) : null;

    public void Dispose()
    {
        foreach (var adapter in _adapters) adapter.Dispose();
        Model?.Dispose();
        _backend?.Dispose();
        _source?.Dispose();
    }

    /// <summary>The run's model where no other is given, and the folders of the clients' last adapters.</summary>
    private static (string Name, string Folder)[] OfRun(string run, ComparisonOptions options, ref string? model, ref string? tokenizer)
    {
        var record = RunRecord.Read(run);
        var source = RunFolder.ReadSource(run);
        model ??= source.GetValueOrDefault("model");
        tokenizer ??= source.GetValueOrDefault("tokenizer");
        string scheme = options.Schemes ?? record.Summary.Schemes.MinBy(s => s.Value.MeanPerplexity).Key;
        if (!record.Schemes.Contains(scheme))
            throw new UserException($"--schemes {scheme}: the run in {run} has no such scheme, but {string.Join(", ", record.Schemes)}");
        int last = record.Summary.Clients - 1;
        int[] clients = options.Other is { } other ? [Within("client", options.Client), Within("other", other)] : [Within("client", options.Client)];
        return [.. clients.Select(i => ($"client {i}", RunFolder.AdapterFolder(run, scheme, i)))];
        int Within(string option, int number) => number <= last ? number
            : throw new OptionException(option, $"'{number}'", $"expected a whole number from 0 to {last}");
    }

    private LoraAdapter Place(string folder)
    {
        var adapter = _source.Adapter(folder)!.Place(Model);
        _adapters.Add(adapter);
        return adapter;
    }
}
