namespace LoraCollab.Engine.Diagnostics;

/// <summary>
/// Random parameters for checks: twelve times as wide as a fresh GPT-2's, biases and LayerNorms away from 0 and 1, so that every part has a gradient that
/// matters.
/// </summary>
public sealed class WideWeights(GptConfig config, ulong seed) : IWeights
{
    private const float Widening = 12;

    private readonly RandomWeights _weights = new(config, seed);

    /// <summary>2 layers, 2 heads of 4 channels, 13 tokens, context 8: small enough to difference every parameter.</summary>
    public static GptConfig Smallest { get; } = new(2, 2, 8, 13, 8);

    public GptConfig Config => config;

    public void Read(string name, Span<float> destination)
    {
        _weights.Read(name, destination);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = name.Contains("ln_") ? destination[i] + 0.1f * MathF.Sin(i) : name.EndsWith("bias") ? 0.05f * MathF.Cos(3 * i)
                : destination[i] * Widening;
    }
}
