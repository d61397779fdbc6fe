namespace LoraCollab.Engine.Model;

/// <summary>
/// A fresh GPT-2: weights N(0, 0.02), the two projections back into the stream divided by √(2L) (GPT-2 report, section 2.3), biases 0, LayerNorm 1 and 0.
/// Every number is a function of seed, tensor and index.
/// </summary>
public sealed class RandomWeights : IWeights
{
    private const double Spread = 0.02;
    private const int Chunk = 1 << 16;
    private readonly Dictionary<string, uint> _streams = [];
    private readonly ulong _seed;

    public RandomWeights(GptConfig config, ulong seed)
    {
        (Config, _seed) = (config, seed);
        foreach (var entry in config.Layout().Entries) _streams.Add(entry.Name, (uint)_streams.Count);
    }

    public GptConfig Config { get; }

    public unsafe void Read(string name, Span<float> destination)
    {
        if (name.EndsWith(".bias")) destination.Clear();
        else if (name.Contains("ln_")) destination.Fill(1);
        else
        {
            double spread = name.EndsWith("c_proj.weight") ? Spread / Math.Sqrt(2.0 * Config.Layers) : Spread;
            uint stream = _streams[name];
            int length = destination.Length;
            fixed (float* start = destination)
            {
                float* values = start;
                Parallel.For(0, (length + Chunk - 1) / Chunk, chunk =>
                {
                    int first = chunk * Chunk;
                    Normals(new Span<float>(values + first, Math.Min(Chunk, length - first)), stream, first, spread);
                });
            }
        }
    }

    private void Normals(Span<float> values, uint stream, long offset, double spread)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            var (first, second) = CounterNormals.Pair(_seed, stream, (offset + i) >> 1);
            values[i] = (float)(spread * first);
            if (i + 1 < values.Length) values[i + 1] = (float)(spread * second);
        }
    }
}
