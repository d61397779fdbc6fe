namespace LoraCollab.Cli.Opening;

/// <summary>Opens the text a command was given.</summary>
internal static class CorpusChoice
{
    /// <summary>As <see cref="Open(ICorpusOptions, CorpusOptions, TextWriter)"/>, the rest by default.</summary>
    public static ICorpus Open(ICorpusOptions text, TextWriter? error = null) => Open(text, new CorpusOptions(), error);

    /// <param name="text">The options as they were given.</param>
    /// <param name="rest">What a command decides beside them.</param>
    /// <param name="error">Told what was left out; null: nobody is.</param>
    /// <exception cref="UserException">There is no such data, or it is not what its format says.</exception>
    public static ICorpus Open(ICorpusOptions text, CorpusOptions rest, TextWriter? error)
    {
        var corpus = Corpora.Open(text.Data ?? Defaults.Data, rest with
        {
            TextField = text.TextField ?? rest.TextField,
            CategoryField = text.CategoryField ?? rest.CategoryField,
        });
        if (error is not null) DataNote.Read(error, corpus);
        return corpus;
    }
}
