namespace LoraCollab.Federation.Strategies;

/// <summary>What a strategy's form may depend on.</summary>
/// <param name="Options">Resolved options.</param>
/// <param name="Distribution">Name of the distribution of the data over the clients.</param>
/// <param name="Categories">Number of categories of the data; 0 where it has none.</param>
public sealed record StrategyContext(CollaborationOptions Options, string Distribution, int Categories)
{
    /// <summary>Of a run.</summary>
    public static StrategyContext Of(CollaborationOptions options, FederatedData data) =>
        new(options, data.Manifest.Distribution, data.Manifest.Categories.Count);

    /// <summary>What was given, else the default.</summary>
    public double Number(MethodNumber number) => Options.Method?.TryGetValue(number.Key, out double value) == true ? value : number.Default;
}
