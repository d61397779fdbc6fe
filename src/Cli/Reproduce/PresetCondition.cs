using System.Text.Json;

namespace LoraCollab.Cli.Reproduce;

/// <summary>Options that hold for one distribution, one mode, or both together; or the values that a figure has in one mode.</summary>
internal sealed record PresetCondition
{
    /// <summary>Null: any.</summary>
    public string? Distribution { get; init; }

    /// <summary>corrected or paper; null: either.</summary>
    public string? Compat { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>In place of the scale's; empty: those.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public bool Holds(string distribution, string compat) => (Distribution ?? distribution) == distribution && (Compat ?? compat) == compat;
}
