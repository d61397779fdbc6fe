using System.Text.Json;

namespace LoraCollab.Cli.Reproduce;

/// <summary>Options that hold for one distribution, one mode, or both together.</summary>
internal sealed record PresetCondition
{
    /// <summary>Null: any.</summary>
    public string? Distribution { get; init; }

    /// <summary>corrected or paper; null: either.</summary>
    public string? Compat { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Options { get; init; }

    public bool Holds(string distribution, string compat) => (Distribution ?? distribution) == distribution && (Compat ?? compat) == compat;
}
