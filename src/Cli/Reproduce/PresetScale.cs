using System.Text.Json;

namespace LoraCollab.Cli.Reproduce;

/// <summary>A preset at one size.</summary>
internal sealed record PresetScale
{
    /// <summary>How many seeds, from 1 on.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>Who holds what: each is a set of its own.</summary>
    public IReadOnlyList<string> Distributions { get; init; } = ["specific", "mixed"];

    /// <summary>Values of the option that the preset varies.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether the model is the user's: --model DIR.</summary>
    public bool NeedsModel { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Options of some distributions or modes only.</summary>
    public IReadOnlyList<PresetCondition> Where { get; init; } = [];

    /// <summary>The values of a figure under a mode.</summary>
    public IReadOnlyList<string> ValuesUnder(string compat) => Where.LastOrDefault(w => w.Values.Count > 0 && (w.Compat ?? compat) == compat)?.Values ?? Values;
}
