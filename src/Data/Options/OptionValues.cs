namespace LoraCollab.Data.Options;

/// <summary>Options as they were given: texts by name. A flag has no text, a list has several.</summary>
public sealed class OptionValues
{
    private readonly SortedDictionary<string, string[]> _texts = new(StringComparer.Ordinal);

    public OptionValues() { }

    /// <summary>A copy, to be changed.</summary>
    public OptionValues(OptionValues other)
    {
        foreach (var (name, texts) in other._texts) _texts[name] = texts;
    }

    /// <summary>Names in the order of the alphabet.</summary>
    public IEnumerable<string> Names => _texts.Keys;

    public bool Has(string name) => _texts.ContainsKey(name);

    /// <summary>The text of an option; null where it was not given.</summary>
    public string? this[string name] => _texts.TryGetValue(name, out string[]? texts) ? texts.FirstOrDefault() ?? "true" : null;

    /// <summary>All of them; empty where it was not given.</summary>
    public IReadOnlyList<string> All(string name) => _texts.GetValueOrDefault(name, []);

    public OptionValues Set(string name, params string[] texts)
    {
        _texts[name] = texts;
        return this;
    }

    /// <summary>Gives an option where it was not given.</summary>
    public OptionValues SetDefault(string name, params string[] texts) => Has(name) ? this : Set(name, texts);

    public OptionValues Remove(params string[] names)
    {
        foreach (string name in names) _texts.Remove(name);
        return this;
    }
}
