namespace LoraCollab.Data.Corpus;

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
