using System.Globalization;

namespace LoraCollab.Federation.Strategies;

/// <summary>A number of one strategy, which declares it.</summary>
/// <param name="Key">STRATEGY.NUMBER.</param>
/// <param name="Default">Where none is given.</param>
/// <param name="Least">The least it may be.</param>
/// <param name="Most">The most it may be.</param>
/// <param name="Whole">Whole numbers only.</param>
public sealed record MethodNumber(string Key, double Default, double Least, double Most = double.MaxValue, bool Whole = false)
{
    /// <summary>More than anyone has; what counts clients may not be larger.</summary>
    public const int MostClients = 1_000_000;
}

/// <summary>The numbers of all strategies.</summary>
public static class MethodNumbers
{
    private const string Option = "method";

    public static IReadOnlyDictionary<string, MethodNumber> All { get; } = StrategyRegistry.All.SelectMany(d => d.Numbers).ToDictionary(n => n.Key);

    /// <exception cref="OptionException">An unknown key, a value out of its range, or a number of a strategy that does not run: it would change
    /// nothing.</exception>
    public static void Check(IReadOnlyDictionary<string, double> numbers, IReadOnlyList<string> schemes)
    {
        foreach (var (key, value) in numbers)
        {
            if (!All.TryGetValue(key, out var number)) throw OptionException.Unknown(Option, key, [.. All.Keys]);
            if (!(value >= number.Least && value <= number.Most) || (number.Whole && value != Math.Floor(value)))
                throw new OptionException(Option, string.Create(CultureInfo.InvariantCulture, $"{key}={value}"),
                    $"expected {(number.Whole ? "a whole number" : "a number")} {Range(number)}");
            if (key.Split('.')[0] is var scheme && !schemes.Contains(scheme))
                throw new OptionException(Option, key, $"the scheme {scheme} is not among the schemes {string.Join(",", schemes)}; add it, or leave its "
                    + $"number out");
        }
    }

    private static string Range(MethodNumber number) => number.Most == double.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"of at least {number.Least}")
        : string.Create(CultureInfo.InvariantCulture, $"from {number.Least} to {number.Most}");
}
