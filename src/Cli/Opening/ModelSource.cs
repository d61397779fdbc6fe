namespace LoraCollab.Cli.Opening;

/// <summary>The model a command was given: a checkpoint, or a published size with random weights.</summary>
/// <param name="Name">The folder's or file's own name, or "tiny" for the model that ships with the program.</param>
/// <param name="Folder">The checkpoint's folder, or the one its file is in; null for random weights.</param>
/// <param name="Weights">Where the parameters come from.</param>
internal sealed record ModelSource(string Name, string? Folder, IWeights Weights) : IDisposable
{
    /// <summary>How adapters refer to the model: what the user said, unless it is an absolute path, which says nothing on another machine.</summary>
    public string Reference { get; private init; } = Name;

    public GptConfig Config => Weights.Config;

    /// <summary>Tokens of a window: as given, or <paramref name="standard"/>, which a shorter context shortens.</summary>
    /// <exception cref="OptionException">It was given and is longer than the context.</exception>
    public int Window(int? given, int standard) => given is null ? Math.Min(standard, Config.Context) : given <= Config.Context ? given.Value
        : throw new OptionException("sequence-length", $"'{given}'", $"expected a whole number from 1 to {Config.Context}, the model's context");

    /// <summary>A folder or file of that name wins over a preset of the same name.</summary>
    /// <param name="model">What --model says; null for the shipped one.</param>
    /// <param name="seed">Of random weights.</param>
    /// <exception cref="UserException">There is no such model, or its files are damaged, foreign or not supported.</exception>
    public static ModelSource Open(string? model, ulong seed)
    {
        if (model is null) return new ModelSource("tiny", Shipped.Model, HfCheckpoint.Open(Shipped.Model));
        bool isFolder = Directory.Exists(model), isFile = File.Exists(model);
        if (!isFolder && !isFile)
        {
            if (GptConfig.Presets.Contains(model)) return new ModelSource(model, null, new RandomWeights(GptConfig.Preset(model), seed));
            throw new UserException($"--model {model}: there is no such folder or file, nor a published size of that name "
                + $"({string.Join(", ", GptConfig.Presets.Where(p => p != "tiny"))})");
        }
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)), name = Path.GetFileName(full);
        return new ModelSource(name, isFolder ? model : Path.GetDirectoryName(full)!, isFolder ? HfCheckpoint.Open(model) : OpenFile(model))
        {
            Reference = Path.IsPathRooted(model) ? name : model,
        };
    }

    private static LlmcCheckpoint OpenFile(string file)
    {
        if (!LlmcCheckpoint.Is(file))
        {
            OtherFormats.Refuse(file);
            throw new UserException($"--model {file}: a file, but no checkpoint of llm.c; give the folder that holds config.json and model.safetensors");
        }
        return LlmcCheckpoint.Open(file);
    }

    /// <summary>The tokenizer that was given, else the one in the model's folder; refused where it has more tokens than the model.</summary>
    public ITokenizer Tokenizer(string? tokenizer)
    {
        if (tokenizer is null && Folder is null)
            throw new UserException($"--model {Name} has random weights and no tokenizer of its own; give --tokenizer DIR");
        string folder = tokenizer ?? Folder!;
        var loaded = Tokenizers.Load(folder);
        if (loaded.VocabularySize > Config.Vocabulary)
            throw new UserException($"the tokenizer in {folder} has {loaded.VocabularySize} tokens, but {Folder ?? Name} knows only {Config.Vocabulary}; "
                + "give the --tokenizer that the model was trained with");
        return loaded;
    }

    /// <summary>The adapter in a folder, checked against this model; null where none was given.</summary>
    public PeftAdapter? Adapter(string? folder) => folder is null ? null : PeftAdapter.Load(folder, Config);

    public void Dispose() => (Weights as IDisposable)?.Dispose();
}
