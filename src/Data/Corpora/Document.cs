namespace LoraCollab.Data;

/// <summary>One text that is never cut in two by a split, and its category: an index into <see cref="ICorpus.Categories"/>, or <see cref="None"/>.</summary>
public sealed record Document(string Text, int Category)
{
    /// <summary>The category of a document that has none.</summary>
    public const int None = -1;
}
