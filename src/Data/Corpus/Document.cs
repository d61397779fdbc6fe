namespace LoraCollab.Data.Corpus;

/// <summary>
/// One text, never shared between two splits or two clients, and its category: an index into <see cref="ICorpus.Categories"/>, or <see cref="None"/>.
/// </summary>
public sealed record Document(string Text, int Category)
{
    /// <summary>The category of a document that has none; the client of a document that any may hold.</summary>
    public const int None = -1;

    /// <summary>The client that owns the document (an index into <see cref="ICorpus.Clients"/>), or <see cref="None"/>.</summary>
    public int Client { get; init; } = None;

    /// <summary>The document belongs to the public reference and to no client.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Which of its client's splits it may serve; only where the data names its clients.</summary>
    public DocumentPart Part { get; init; }
}

/// <summary>Which of its client's splits a document may serve.</summary>
public enum DocumentPart
{
    /// <summary>Any: the partition decides.</summary>
    Any,

    /// <summary>Trust-validation only.</summary>
    Trust,

    /// <summary>Report-validation only.</summary>
    Report,
}
