namespace LoraCollab.Engine.Tests;

/// <summary>A base with an adapter folded in: W + s·(B·A)ᵀ for every target, computed in double. The base itself is not touched.</summary>
internal sealed class MergedWeights(IWeights weights, LoraOptions options, float[] adapter) : IWeights
{
    private readonly FlatLayout _layout = LoraLayout.Of(weights.Config, options);

    public GptConfig Config => weights.Config;

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        weights.Read(name, destination);
        foreach (var (layer, projection) in LoraLayout.Sites(Config, options))
            if (name == $"{projection.NameIn(layer)}.weight") AddProduct(destination, layer, projection);
    }

    // W[i, o] += s · Σ_k A[k, i] · B[o, k]
    private void AddProduct(Span<float> w, int layer, Projection projection)
    {
        var (ic, oc) = Config.Size(projection);
        var a = _layout.Of(adapter, LoraLayout.NameOfA(layer, projection));
        var b = _layout.Of(adapter, LoraLayout.NameOfB(layer, projection));
        for (int i = 0; i < ic; i++)
            for (int o = 0; o < oc; o++)
            {
                double sum = 0;
                for (int k = 0; k < options.Rank; k++) sum += (double)a[k * ic + i] * b[o * options.Rank + k];
                w[i * oc + o] = (float)(w[i * oc + o] + options.Scale * sum);
            }
    }
}
