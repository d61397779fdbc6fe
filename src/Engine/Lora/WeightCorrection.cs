namespace LoraCollab.Engine.Lora;

/// <summary>
/// W₀ + R of every adapted projection, where R is of full rank and what an adapter cannot hold (FedEx-LoRA, arXiv:2410.09432). The base is left as it is:
/// these are copies of its adapted weights, packed as it is, which passes read in its place. Nothing is computed more; it costs IC·OC numbers a projection,
/// for GPT-2's attention 113 MB in float32. Several adapters may share one.
/// </summary>
public sealed class WeightCorrection : IDisposable
{
    private readonly Matrix?[] _weights;

    /// <param name="backend">Holds the copies.</param>
    /// <param name="weights">The base, which is only read.</param>
    /// <param name="lora">Says which projections are corrected.</param>
    /// <param name="values">R of every projection in the order of <see cref="LayoutOf"/>; not kept.</param>
    public WeightCorrection(ComputeBackend backend, IWeights weights, LoraOptions lora, float[] values)
    {
        var layout = LayoutOf(weights.Config, lora);
        if (values.Length != layout.Length)
            throw new ArgumentException($"a correction of this form has {layout.Length} elements, not {values.Length}", nameof(values));
        _weights = new Matrix?[weights.Config.Layers * Projections.All.Count];
        var memory = new float[layout.Entries.Max(e => e.Length)];
        foreach (var (layer, projection) in LoraLayout.Sites(weights.Config, lora))
        {
            string name = NameOf(layer, projection);
            var (ic, oc) = weights.Config.Size(projection);
            var weight = memory.AsSpan(0, ic * oc);
            var r = layout.Of(values, name);
            weights.Read(name, weight);
            for (int e = 0; e < weight.Length; e++) weight[e] += r[e];
            _weights[Index(layer, projection)] = backend.Pack($"corrected {name}", weight, ic, oc);
        }
    }

    /// <summary>R [IC, OC] of every adapted projection, named as the base's weights are.</summary>
    public static FlatLayout LayoutOf(GptConfig config, LoraOptions lora)
    {
        var layout = new FlatLayout();
        foreach (var (layer, projection) in LoraLayout.Sites(config, lora))
            layout.Add(NameOf(layer, projection), config.Size(projection).IC, config.Size(projection).OC);
        return layout;
    }

    /// <summary>The corrected weight; null where the projection has no adapter.</summary>
    public Matrix? this[int layer, Projection projection] => _weights[Index(layer, projection)];

    public void Dispose()
    {
        foreach (var weight in _weights) weight?.Dispose();
    }

    private static string NameOf(int layer, Projection projection) => $"{projection.NameIn(layer)}.weight";

    private static int Index(int layer, Projection projection) => layer * Projections.All.Count + (int)projection;
}
