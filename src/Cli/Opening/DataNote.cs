namespace LoraCollab.Cli.Opening;

/// <summary>What of the data is not used as it was given, a line on standard error: there it reaches people, and no program that reads the result.</summary>
internal static class DataNote
{
    /// <summary>What was left out and mended where the data was read; nothing where nothing was.</summary>
    public static void Read(TextWriter error, ICorpus corpus)
    {
        if (!corpus.Notes.IsEmpty) Write(error, $"{corpus.Name}: {corpus.Notes}");
    }

    /// <summary>Documents that were dealt to nobody, since equal ones were.</summary>
    public static void Dealt(TextWriter error, ClientManifest manifest)
    {
        if (manifest.Duplicates is { } count)
            Write(error, $"{manifest.Data}: {count} of the documents are equal to others; of equal ones one was dealt, so that no document is in two splits");
    }

    /// <summary>Documents that are not measured on, since they are trained on.</summary>
    public static void HeldOut(TextWriter error, ICorpus corpus, HeldOutText split)
    {
        if (split.Duplicates > 0)
            Write(error, $"{corpus.Name}: {split.Duplicates} documents are left out of the held-out text, since they stand in the training text too");
    }

    private static void Write(TextWriter error, string note) => error.WriteLine(ForeignText.OneLine("note: " + note));
}
