using System.Globalization;
using LoraCollab.Engine;

namespace LoraCollab.Federation;

/// <summary>What a server remembers from round to round, one vector for every distinct row of W, in float32 as AdamW's moments are.</summary>
/// <param name="name">In checkpoints.</param>
internal sealed class ServerState(string name)
{
    private readonly SortedDictionary<int, float[]> _byRow = [];

    /// <summary>The vector of a row, to be changed in place; at first all its numbers are <paramref name="initial"/>.</summary>
    public float[] Of(int row, int length, float initial)
    {
        if (!_byRow.TryGetValue(row, out var values)) _byRow.Add(row, values = [.. Enumerable.Repeat(initial, length)]);
        return values;
    }

    public void Save(TensorBag bag)
    {
        foreach (var (row, values) in _byRow) bag.Add(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{row}"), [values.Length], [.. values]);
    }

    public void Load(TensorBag bag)
    {
        _byRow.Clear();
        foreach (string stored in bag.Names.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
            _byRow.Add(int.Parse(stored.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture), [.. bag.Floats(stored)]);
    }

    private string Prefix => $"method.{name}.";
}
