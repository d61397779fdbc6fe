namespace LoraCollab.Engine.Model;

/// <summary>Keys and values of one sequence, block by block, so that generation computes every position once.</summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly View _all;
    private readonly long _size;

    /// <param name="capacity">Positions there is room for.</param>
    public KeyValueCache(ComputeBackend backend, GptConfig config, int capacity)
    {
        (Capacity, _size) = (capacity, (long)capacity * config.Channels);
        _all = backend.Allocate("key/value cache", 2 * config.Layers * _size);
    }

    public int Capacity { get; }

    /// <summary>Positions that are filled.</summary>
    public int Count { get; internal set; }

    /// <summary>Forgets all positions.</summary>
    public void Clear() => Count = 0;

    /// <summary>[capacity, C].</summary>
    internal View Keys(int layer) => _all.Slice(2 * layer * _size, _size);

    /// <inheritdoc cref="Keys"/>
    internal View Values(int layer) => _all.Slice((2 * layer + 1) * _size, _size);

    public void Dispose() => _all.Buffer.Dispose();
}
