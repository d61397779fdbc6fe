namespace LoraCollab.Data.Corpus;

/// <summary>What reading a corpus left out or mended: how often, and the first name of each. It is said to whoever asked for the data.</summary>
public sealed class ReadingNotes
{
    private readonly List<(ReadingNote Note, string First, int Count)> _notes = [];

    public bool IsEmpty => _notes.Count == 0;

    /// <summary>How often each thing was left out, by its name; what was mended was not.</summary>
    public IReadOnlyDictionary<string, int> LeftOut =>
        _notes.Where(n => n.Note != ReadingNote.Mended).ToDictionary(n => n.Note.Many, n => n.Count, StringComparer.Ordinal);

    /// <summary>Texts in which broken characters became U+FFFD.</summary>
    public int Mended => _notes.FirstOrDefault(n => n.Note == ReadingNote.Mended).Count;

    /// <summary>One line: "left out: 2 empty files (a.txt, …), 1 named pipe (b.txt)"; empty where there is nothing to say.</summary>
    public override string ToString()
    {
        var left = _notes.Where(n => n.Note != ReadingNote.Mended).Select(Words);
        var mended = _notes.Where(n => n.Note == ReadingNote.Mended).Select(Words);
        return string.Join("; ", new[] { List("left out", left), List("mended", mended) }.Where(l => l.Length > 0));
    }

    /// <summary>The line at the end of an error's message; empty likewise.</summary>
    internal string InBrackets => IsEmpty ? "" : $" ({this})";

    internal void Add(ReadingNote note, string name)
    {
        int at = _notes.FindIndex(n => n.Note == note);
        if (at < 0) _notes.Add((note, name, 1));
        else _notes[at] = _notes[at] with { Count = _notes[at].Count + 1 };
    }

    private static string List(string what, IEnumerable<string> notes) => string.Join(", ", notes) is { Length: > 0 } all ? $"{what}: {all}" : "";

    private static string Words((ReadingNote Note, string First, int Count) n) => n.Count == 1
        ? $"1 {n.Note.One} ({Short(n.First)})"
        : FormattableString.Invariant($"{n.Count} {n.Note.Many} ({Short(n.First)}, …)");

    private static string Short(string name) => name.Length <= ForeignText.LongestQuoted ? name : "…" + name[^ForeignText.LongestQuoted..];
}

/// <summary>Something that reading a corpus leaves out or mends, in words.</summary>
/// <param name="One">Of a single one.</param>
/// <param name="Many">Of several.</param>
internal sealed record ReadingNote(string One, string Many)
{
    public static readonly ReadingNote
        Hidden = new("hidden name", "hidden names"),
        OtherKind = new("file of a kind that is not read", "files of kinds that are not read"),
        Stray = new("file beside the category folders", "files beside the category folders"),
        Folder = new("folder beside the files", "folders beside the files"),
        Empty = new("empty file", "empty files"),
        Pipe = new("named pipe", "named pipes"),
        Socket = new("socket", "sockets"),
        Device = new("device", "devices"),
        Nowhere = new("link that leads nowhere", "links that lead nowhere"),
        Again = new("second name of what is read already", "further names of what is read already"),
        WithoutText = new("row without text", "rows without text"),
        Mended = new("text with broken characters, which became U+FFFD", "texts with broken characters, which became U+FFFD");
}
