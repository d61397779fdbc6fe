namespace LoraCollab.Data.Corpus;

/// <summary>One reading of a corpus: how it is to be read, and what was left out and mended on the way.</summary>
/// <param name="options">How.</param>
public sealed class CorpusReading(CorpusOptions options)
{
    private long _bytes;

    public CorpusOptions Options { get; } = options;

    public ReadingNotes Notes { get; } = new();

    /// <summary>What a file holds, unpacked.</summary>
    /// <exception cref="UserException">It cannot be read, or all files together are more than memory holds.</exception>
    internal byte[] Bytes(SourceFile file)
    {
        // A byte of a file is at least one in memory, and two in a document.
        const int Copies = 3;
        byte[] bytes = TextFile.Bytes(file.Path);
        _bytes += bytes.Length;
        long most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Copies;
        return _bytes <= most ? bytes : throw new UserException(
            $"{file.Path}: with it {_bytes:N0} bytes of text are read, and this machine's memory holds {most:N0} and what is made of them; give fewer files");
    }

    /// <summary>A text file: UTF-8, without a byte order mark.</summary>
    /// <exception cref="UserException">As for <see cref="Bytes"/>, or it is not UTF-8.</exception>
    internal string Text(SourceFile file) => TextFile.WithoutMark(TextFile.Strictly(file.Path, Bytes(file)));

    /// <summary>A file of somebody else's, in which wrong bytes become U+FFFD, which is noted; else as <see cref="Text"/>.</summary>
    internal string Mended(SourceFile file) => Mended(file, Bytes(file));

    /// <summary>The same of bytes that were read already.</summary>
    internal string Mended(SourceFile file, byte[] bytes)
    {
        var (text, isMended) = TextFile.Mended(bytes);
        if (isMended) Notes.Add(ReadingNote.Mended, file.Name);
        return text;
    }

    /// <summary>The documents of a file; that there are none is noted.</summary>
    internal List<string> Noted(SourceFile file, List<string> documents)
    {
        if (documents.Count == 0) Notes.Add(ReadingNote.Empty, file.Name);
        return documents;
    }
}
