namespace LoraCollab.Cli.Options;

/// <summary>Which text, and how it is read.</summary>
internal sealed record TextOptions
{
    [Option("data", OptionGroup.Data, "A built-in corpus (news, languages, code, mixture) or a path: AG News folder, folder of text files (one per category), "
        + "JSON lines, "
        + "text file; agnews:, text:, folders:, jsonl:, manifest: or file: before the path names the format; clients:FOLDER has one .txt file per client.",
        Value = "WHAT", Common = true)]
    public string Data { get; init; } = "news";

    [Options]
    public CorpusOptions Corpus { get; init; } = new();

    /// <summary>Opens it.</summary>
    /// <param name="error">Told what was left out; null: nobody is.</param>
    /// <param name="seed">Of text that is generated; null: the default.</param>
    /// <exception cref="UserException">There is no such data, or it is not what its format says.</exception>
    public ICorpus Open(TextWriter? error, ulong? seed = null)
    {
        var corpus = Corpora.Open(Data, Corpus with { Seed = seed ?? Corpus.Seed });
        if (error is not null) DataNote.Read(error, corpus);
        return corpus;
    }
}
