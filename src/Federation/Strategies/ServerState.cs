using System.Globalization;

namespace LoraCollab.Federation.Strategies;

/// <summary>What a server remembers from round to round, one vector for every neighbourhood, in float32 as AdamW's moments are.</summary>
/// <param name="name">In checkpoints.</param>
internal sealed class ServerState(string name)
{
    private readonly SortedDictionary<int, float[]> _byServer = [];

    /// <summary>The vector of a server, to be changed in place; at first all its numbers are <paramref name="initial"/>.</summary>
    public float[] Of(int server, int length, float initial)
    {
        if (!_byServer.TryGetValue(server, out var values)) _byServer.Add(server, values = [.. Enumerable.Repeat(initial, length)]);
        return values;
    }

    public void Save(TensorBag bag)
    {
        foreach (var (server, values) in _byServer) bag.Add(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{server}"), [values.Length], [.. values]);
    }

    public void Load(TensorBag bag)
    {
        _byServer.Clear();
        foreach (string stored in bag.Names.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
            _byServer.Add(int.Parse(stored.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture), [.. bag.Floats(stored)]);
    }

    private string Prefix => $"method.{name}.";
}
