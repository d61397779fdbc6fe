using LoraCollab.Testing.Damage;

namespace LoraCollab.Borders.Tests;

/// <summary>One file, in one of the ways it is read: a line of the table in <see cref="Readers"/>.</summary>
/// <param name="Name">What is read.</param>
/// <param name="Form">How its file is damaged.</param>
/// <param name="File">The specimen: its path below the folder of specimens.</param>
/// <param name="Members">The members of src that read it, as Type.Member: those that <see cref="ReaderListTests"/> finds.</param>
/// <param name="Read">Reads the file, as a command would, and looks at what it says. Given: a folder with a copy of the specimens, of which the file is
/// damaged.</param>
internal sealed record ReaderCase(string Name, FileForm Form, string File, string[] Members, Action<ReaderContext> Read)
{
    /// <summary>Other specimens that the file is read with.</summary>
    public string[] With { get; init; } = [];
}
