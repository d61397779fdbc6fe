using System.Globalization;

namespace LoraCollab.Cli.Parsing;

/// <summary>Reads the numbers of options: decimal point, no group separators, no blanks, nothing that is not finite.</summary>
internal static class Numbers
{
    /// <summary>A real number in [<paramref name="least"/>, <paramref name="most"/>]; <paramref name="fallback"/> where the option was not given.</summary>
    public static double Real(string option, string? text, double fallback, double least = double.NegativeInfinity, double most = double.PositiveInfinity) =>
        text is null ? fallback : Finite(option, text, least, most);

    private static double Finite(string option, string text, double least, double most)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw new UserException($"{option} {Quote(text)}: expected a finite number such as 0.5 or 2e-3, with a decimal point and no separators");
        if (value < least || value > most) throw new UserException($"{option} {Quote(text)}: expected a number {Range(least, most)}");
        return value;
    }

    /// <summary>A real number above zero.</summary>
    public static double Positive(string option, string? text, double fallback)
    {
        double value = Real(option, text, fallback);
        return value > 0 ? value : throw new UserException($"{option} {Quote(text!)}: expected a number above 0");
    }

    /// <summary>A probability below one, such as a dropout.</summary>
    public static double Dropout(string option, string? text, double fallback)
    {
        double value = Real(option, text, fallback);
        return value is >= 0 and < 1 ? value : throw new UserException($"{option} {Quote(text!)}: expected a number from 0 to below 1");
    }

    /// <summary>A whole number in [<paramref name="least"/>, <paramref name="most"/>]; <paramref name="fallback"/> where the option was not given.</summary>
    public static int Whole(string option, string? text, int fallback, int least = 1, int most = int.MaxValue)
    {
        if (text is null) return fallback;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            throw new UserException($"{option} {Quote(text)}: expected a whole number such as 128, without separators");
        if (value < least || value > most) throw new UserException($"{option} {Quote(text)}: expected a whole number {Range(least, most)}");
        return (int)value;
    }

    /// <summary>Sequences a batch, given their length: refused where the batch would have more tokens than can be addressed.</summary>
    public static int Batch(string option, string? text, int fallback, int length)
    {
        const int most = 1 << 30;
        int batch = Whole(option, text, fallback);
        return (long)batch * length <= most ? batch : throw new UserException($"{option} {batch}: with {length} tokens a sequence a batch would have {(long)batch * length} tokens, more than the {most} that can be addressed");
    }

    /// <summary>A seed: any whole number from 0 to 2⁶⁴ − 1.</summary>
    public static ulong Seed(string option, string? text, ulong fallback)
    {
        if (text is null) return fallback;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new UserException($"{option} {Quote(text)}: expected a whole number from 0 to {ulong.MaxValue}");
    }

    private static string Quote(string text) => $"'{text}'";

    private static string Range(double least, double most) => (double.IsInfinity(least), double.IsInfinity(most) || most == int.MaxValue) switch
    {
        (false, false) => string.Create(CultureInfo.InvariantCulture, $"from {least:R} to {most:R}"),
        (false, true) => string.Create(CultureInfo.InvariantCulture, $"of at least {least:R}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"of at most {most:R}"),
    };
}
