namespace LoraCollab.Borders.Tests;

/// <summary>One command line that reads files, each of which is damaged in turn: a line of the table in <see cref="Commands"/>.</summary>
/// <param name="Args">The command line; an argument that begins with @ is a specimen's path, with + one that is made anew.</param>
/// <param name="Damaged">Specimens that are damaged.</param>
internal sealed record CommandCase(string[] Args, params string[] Damaged)
{
    /// <summary>Verbs of two words stand as two arguments.</summary>
    public string Verb => Args[0] is "inspect" or "bench" ? $"{Args[0]} {Args[1]}" : Args[0];

    public override string ToString() => string.Join(' ', Args);
}
