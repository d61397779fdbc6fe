namespace LoraCollab.Data.Corpus;

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
