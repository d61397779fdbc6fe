namespace LoraCollab.Data.Corpus;

/// <summary>How much of a client's text also stands in another text.</summary>
/// <param name="Documents">Share of its documents that have 13 words in a row in common with it, 0 to 1.</param>
/// <param name="Grams">Share of all their runs of 13 words that stand there.</param>
public sealed record OverlapShare(double Documents, double Grams);
