namespace LoraCollab.Kernels.Memory;

/// <summary>
/// Named tensors laid one after another, without padding, in one flat buffer: what is mixed, hashed, stored and sent is then one span.
/// </summary>
public sealed class FlatLayout
{
    private readonly Dictionary<string, int> _index = [];
    private readonly List<Entry> _entries = [];

    /// <summary>A tensor's place: its name, its shape, where it begins and how many elements it has.</summary>
    public sealed record Entry(string Name, int[] Shape, long Offset, long Length);

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Elements of all tensors together.</summary>
    public long Length { get; private set; }

    /// <summary>Appends a tensor.</summary>
    /// <exception cref="ArgumentException">The name is already there.</exception>
    public FlatLayout Add(string name, params int[] shape)
    {
        long length = 1;
        foreach (int size in shape) length *= size;
        if (!_index.TryAdd(name, _entries.Count)) throw new ArgumentException($"the tensor {name} is already in the layout", nameof(name));
        _entries.Add(new Entry(name, shape, Length, length));
        Length += length;
        return this;
    }

    public bool Contains(string name) => _index.ContainsKey(name);

    /// <exception cref="KeyNotFoundException">No tensor of that name.</exception>
    public Entry this[string name] =>
        _index.TryGetValue(name, out int i) ? _entries[i] : throw new KeyNotFoundException($"the layout has no tensor {name}");

    /// <summary>The part of <paramref name="flat"/> that holds the named tensor.</summary>
    public View Of(View flat, string name)
    {
        var entry = this[name];
        return flat.Slice(entry.Offset, entry.Length);
    }

    /// <summary>The part of a host copy of the flat buffer that holds the named tensor.</summary>
    public Span<float> Of(Span<float> flat, string name)
    {
        var entry = this[name];
        return flat.Slice(checked((int)entry.Offset), checked((int)entry.Length));
    }
}
