namespace LoraCollab.Data.Corpus;

/// <summary>A file that a corpus is read from.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What it is called in the data: its path below the folder, with slashes on every system.</param>
public sealed record SourceFile(string Path, string Name)
{
    /// <summary>A file that was named by itself.</summary>
    public static SourceFile Of(string path) => new(path, System.IO.Path.GetFileName(path));

    /// <summary>Its name without folders and without the ending of a packed file: "de.txt" of "more/de.txt.gz".</summary>
    public string Inside => PackedText.NameInside(Path);

    /// <summary>What a category or a client is called after it: "de".</summary>
    public string Stem => System.IO.Path.GetFileNameWithoutExtension(Inside);

    /// <summary>Whether the name, unpacked, has one of these endings, in whatever case.</summary>
    public bool EndsWith(params ReadOnlySpan<string> endings)
    {
        foreach (string ending in endings)
            if (Inside.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
