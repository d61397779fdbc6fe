namespace LoraCollab.Federation;

/// <summary>What a scheme's form may depend on.</summary>
/// <param name="Options">Resolved options.</param>
/// <param name="Distribution">Name of the distribution of the data over the clients.</param>
/// <param name="Categories">Number of categories of the data; 0 where it has none.</param>
public sealed record TrustSchemeContext(CollaborationOptions Options, string Distribution, int Categories);
