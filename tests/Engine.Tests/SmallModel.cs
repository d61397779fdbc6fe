namespace LoraCollab.Engine.Tests;

/// <summary>A random GPT-2 small enough for exact checks, with weights wide enough that every part of it matters.</summary>
internal sealed class SmallModel(GptConfig config, ulong seed = 5, float spread = 12) : IWeights
{
    private readonly RandomWeights _weights = new(config, seed);

    /// <summary>2 layers, 2 heads of 4 channels, 13 tokens, context 8.</summary>
    public static GptConfig Tiny { get; } = new(2, 2, 8, 13, 8);

    /// <summary>Odd sizes that span several tiles and vectors: 2 layers, 3 heads of 16 channels, 131 tokens, context 24.</summary>
    public static GptConfig Odd { get; } = new(2, 3, 48, 131, 24);

    public GptConfig Config => config;

    public void Read(string name, Span<float> destination)
    {
        _weights.Read(name, destination);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = name.Contains("ln_") ? destination[i] + 0.1f * MathF.Sin(i)
                : name.EndsWith("bias") ? 0.05f * MathF.Cos(3 * i) : destination[i] * spread;
    }

    /// <summary>Ids that follow no pattern, the same at every call.</summary>
    public static int[] Ids(int count, int vocabulary, int salt = 0)
    {
        var ids = new int[count];
        for (int i = 0; i < count; i++) ids[i] = (int)(Philox.Words((uint)i, (uint)salt, 7, 7, 7, 7).X0 % (uint)vocabulary);
        return ids;
    }

    /// <summary>An adapter with both factors away from zero.</summary>
    public static float[] AdapterValues(GptConfig config, LoraOptions options, ulong seed = 3)
    {
        var values = new float[LoraLayout.Of(config, options).Length];
        for (int i = 0; i < values.Length; i++) values[i] = 0.3f * (float)CounterNormals.Uniform(seed, 99, 0, i);
        return values;
    }

    /// <summary>The same batch at every step: ids of one draw, targets of another.</summary>
    public static BatchFill Fixed(int vocabulary, int salt = 0) => (_, _, x, y) =>
    {
        Ids(x.Length, vocabulary, salt).CopyTo(x);
        Ids(y.Length, vocabulary, salt + 1).CopyTo(y);
    };

    /// <summary>Another batch at every step and micro-batch, without allocation.</summary>
    public static BatchFill Changing(int vocabulary) => (step, micro, x, y) =>
    {
        for (int i = 0; i < x.Length; i++)
        {
            var words = Philox.Words((uint)i, (uint)step, (uint)micro, 1, 2, 3);
            (x[i], y[i]) = ((int)(words.X0 % (uint)vocabulary), (int)(words.X1 % (uint)vocabulary));
        }
    };
}
