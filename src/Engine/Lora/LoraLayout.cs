namespace LoraCollab.Engine.Lora;

/// <summary>
/// The flat order of an adapter: all A [r, in] first, then all B [out, r], each block by block and in the order of the forward pass, without padding.
/// Names are PEFT's full keys.
/// </summary>
public static class LoraLayout
{
    /// <summary>What PEFT puts before a module's name.</summary>
    public const string Prefix = "base_model.model.transformer.";

    /// <summary>What stands after it in the names of the two factors.</summary>
    public const string EndOfA = ".lora_A.weight", EndOfB = ".lora_B.weight";

    public static FlatLayout Of(GptConfig config, LoraOptions options)
    {
        var layout = new FlatLayout();
        foreach (var (layer, projection) in Sites(config, options)) layout.Add(NameOfA(layer, projection), options.Rank, config.Size(projection).IC);
        foreach (var (layer, projection) in Sites(config, options)) layout.Add(NameOfB(layer, projection), config.Size(projection).OC, options.Rank);
        return layout;
    }

    /// <summary>Every adapted projection in flat order.</summary>
    public static IEnumerable<(int Layer, Projection Projection)> Sites(GptConfig config, LoraOptions options) =>
        from layer in Enumerable.Range(0, config.Layers)
        from projection in Projections.All
        where options.Has(projection)
        select (layer, projection);

    public static string NameOfA(int layer, Projection projection) => $"{Prefix}{projection.NameIn(layer)}{EndOfA}";

    public static string NameOfB(int layer, Projection projection) => $"{Prefix}{projection.NameIn(layer)}{EndOfB}";

    public static bool IsA(string name) => name.EndsWith(EndOfA, StringComparison.Ordinal);

    public static bool IsB(string name) => name.EndsWith(EndOfB, StringComparison.Ordinal);
}
