namespace LoraCollab.Data.Corpus.Generated;

/// <summary>
/// The least total loss, in nats, that any model can expect on given documents, boundaries between them included: the documents' own information
/// under the grammar that wrote them. Divide by the number of predicted tokens for a loss per token; its exponential is the best possible perplexity.
/// </summary>
/// <param name="WithCategory">−Σ log p(text | its category): for a reader who knows the world and each document's category.</param>
/// <param name="WithoutCategory">
/// −Σ log Σ_c p(text | c) / K: for one who knows the world, but not the category, and infers it within each document (an exact Bayes mixture over the K categories).
/// </param>
public sealed record CorpusFloor(double WithCategory, double WithoutCategory);
