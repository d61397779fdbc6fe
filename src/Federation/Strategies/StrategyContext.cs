namespace LoraCollab.Federation.Strategies;

/// <summary>What a scheme's form may depend on.</summary>
/// <param name="Options">Resolved options.</param>
/// <param name="Distribution">Name of the distribution of the data over the clients.</param>
/// <param name="Categories">Number of categories of the data; 0 where it has none.</param>
public sealed record StrategyContext(CollaborationOptions Options, string Distribution, int Categories)
{
    /// <summary>Of a run.</summary>
    public static StrategyContext Of(CollaborationOptions options, FederatedData data) => new(options, data.Manifest.Distribution, data.Manifest.Categories.Count);

    /// <summary>A number of one scheme: what --method gives for its key, such as fedprox.mu, else its default.</summary>
    public double Number(string key) => Options.Method?.TryGetValue(key, out double value) == true ? value : MethodNumbers.All[key].Default;
}
