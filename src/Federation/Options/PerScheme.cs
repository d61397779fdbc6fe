using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Federation.Options;

/// <summary>
/// A number for each strategy that scores clients, such as the temperature: their scores have different scales. Which they are is not known here.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class PerScheme : IOverlay, IEquatable<PerScheme>
{
    private readonly OrderedDictionary<string, double> _numbers = [];

    /// <summary>For those that are not named.</summary>
    public double? All { get; init; }

    /// <summary>Those that are named.</summary>
    public IReadOnlyList<string> Names => [.. _numbers.Keys];

    public double this[string scheme]
    {
        init => _numbers[scheme] = value;
    }

    /// <summary>The number of one strategy; null where none was given.</summary>
    public double? Of(string scheme) => _numbers.TryGetValue(scheme, out double number) ? number : All;

    /// <summary>These numbers, and where there is none what a strategy has by itself; null: still none.</summary>
    /// <param name="schemes">All that have one.</param>
    public PerScheme Resolve(IEnumerable<string> schemes, Func<string, double?> otherwise)
    {
        var all = new PerScheme();
        foreach (string scheme in schemes)
            if ((Of(scheme) ?? otherwise(scheme)) is { } number) all._numbers[scheme] = number;
        return all;
    }

    public object Over(object? standing)
    {
        if (standing is not PerScheme other) return this;
        var both = new PerScheme { All = All ?? other.All };
        foreach (string scheme in other.Names.Where(_ => All is null)) both._numbers[scheme] = other._numbers[scheme];
        foreach (var (scheme, number) in _numbers) both._numbers[scheme] = number;
        return both;
    }

    /// <summary>Reads one number for all, or NAME=X,NAME=Y.</summary>
    /// <param name="option">The option a message names.</param>
    /// <param name="text">What the user gave.</param>
    /// <exception cref="OptionException">Not a finite number, or a name twice.</exception>
    public static PerScheme Parse(string option, string text)
    {
        if (!text.Contains('=')) return new PerScheme { All = Number(option, text, text) };
        var numbers = new PerScheme();
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [var scheme, var number])
                throw new OptionException(option, text, $"'{part}' is not SCHEME=X; expected X, or SCHEME=X,SCHEME=Y");
            if (!numbers._numbers.TryAdd(scheme, Number(option, text, number)))
                throw new OptionException(option, text, $"{scheme} is given twice; give one number for each scheme");
        }
        return numbers;
    }

    private static double Number(string option, string text, string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw new OptionException(option, text, $"'{number}' is not a number; expected X, or SCHEME=X,SCHEME=Y");

    public bool Equals(PerScheme? other) => other is not null && All == other.All
        && _numbers.OrderBy(n => n.Key).SequenceEqual(other._numbers.OrderBy(n => n.Key));

    public override bool Equals(object? obj) => Equals(obj as PerScheme);

    public override int GetHashCode() => HashCode.Combine(All, _numbers.Count);

    /// <summary>X, or NAME=X,NAME=Y.</summary>
    public override string ToString() => All is { } all ? all.ToString(CultureInfo.InvariantCulture)
        : string.Join(',', _numbers.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Key}={n.Value}")));

    /// <summary>An object of numbers by name, as they are resolved.</summary>
    private sealed class Converter : JsonConverter<PerScheme>
    {
        public override PerScheme Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var numbers = new PerScheme();
            foreach (var (scheme, number) in JsonSerializer.Deserialize<OrderedDictionary<string, double>>(ref reader, options) ?? [])
                numbers._numbers.Add(scheme, number);
            return numbers;
        }

        public override void Write(Utf8JsonWriter writer, PerScheme value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value._numbers, options);
    }
}
