using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LoraCollab.Federation.Analysis;

/// <summary>
/// The options of a replay that are not the run's own. They name its file and stand in its lines, so that what would have been is never taken for what was,
/// nor one such question for another.
/// </summary>
/// <param name="Values">By path, such as temperature.weights; in the order of their names.</param>
public sealed record OtherOptions(IReadOnlyDictionary<string, JsonElement> Values)
{
    /// <summary>Hexadecimal digits in a file's name: enough for all that anyone asks of one run.</summary>
    private const int Digits = 8;

    /// <summary>What is to be written into the lines of a replay; null where every option is the run's own.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Recorded => Values.Count == 0 ? null : Values;

    /// <param name="now">Of the replay, resolved.</param>
    /// <param name="then">Of the run, resolved.</param>
    public static OtherOptions Of(CollaborationOptions now, CollaborationOptions then)
    {
        // Which schemes are asked is no part of what is asked of them.
        var (given, own) = (RunJson.Flat(now with { Schemes = then.Schemes }), RunJson.Flat(then));
        return new OtherOptions(given.Keys.Union(own.Keys).Where(key => given.GetValueOrDefault(key) != own.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal).ToDictionary(key => key, key => JsonSerializer.Deserialize<JsonElement>(given.GetValueOrDefault(key, "null"))));
    }

    /// <summary>replay/NAME.jsonl of a run folder; under other options NAME is followed by a hash of them.</summary>
    public string FileOf(string folder, string name) => Path.Combine(folder, "replay", $"{name}{(Values.Count == 0 ? "" : "-" + Hash())}.jsonl");

    /// <summary>"neighbours 2, topology ring"; nothing where every option is the run's own.</summary>
    public override string ToString() => string.Join(", ", Values.Select(v => $"{v.Key} {v.Value}"));

    private string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RunJson.Canonical(Values))))[..Digits];
}
