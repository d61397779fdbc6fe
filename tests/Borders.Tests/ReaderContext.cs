namespace LoraCollab.Borders.Tests;

/// <summary>What a reader is tried on.</summary>
/// <param name="Folder">Holds copies of the specimens.</param>
/// <param name="Right">The specimens themselves.</param>
internal sealed record ReaderContext(string Folder, Specimens Right)
{
    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);
}
