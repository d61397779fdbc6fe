using System.Globalization;

namespace LoraCollab.Federation.Options;

/// <summary>Reads "fedprox.mu=0.1,ifca.clusters=2".</summary>
internal static class NumbersByKey
{
    /// <exception cref="OptionException">Not a key and a number, or a key twice.</exception>
    public static SortedDictionary<string, double> Parse(string option, string text)
    {
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [var key, var number] || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                throw new OptionException(option, text, $"'{part}' is not KEY=NUMBER");
            if (!numbers.TryAdd(key, value)) throw new OptionException(option, text, $"{key} is given twice");
        }
        return numbers;
    }
}
