using System.Globalization;

namespace LoraCollab.Report;

/// <summary>Numbers for people: sizes, durations, counts, always with a decimal point.</summary>
public static class Format
{
    /// <summary>"884.7 kB": powers of ten, as the ledger counts.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        int unit = 0;
        while (Math.Abs(bytes) >= 999.95 && unit < units.Length - 1) (bytes, unit) = (bytes / 1000, unit + 1);
        string format = unit == 0 ? "0" : "0.0";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>"0.4 s", "12 s", "3 min 05 s", "2 h 10 min".</summary>
    public static string Duration(TimeSpan time)
    {
        double seconds = Math.Max(0, time.TotalSeconds);
        if (seconds < 9.95) return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");
        if (seconds < 99.5) return string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s");
        long whole = (long)Math.Round(seconds);
        return whole < 3600 ? $"{whole / 60} min {whole % 60:00} s" : $"{whole / 3600} h {whole % 3600 / 60:00} min";
    }

    /// <summary>"1,234,567".</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>"1 client", "12 clients".</summary>
    public static string Several(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    /// <summary>"4.698" below ten, where differences are small; "22.41"; or "50,257" from a thousand on.</summary>
    public static string Perplexity(double value) => double.IsFinite(value) && value >= 1000 ? Count(value) : Fixed(value, value < 10 ? 3 : 2);

    /// <summary>A fixed number of decimals; "-" where the value is not finite.</summary>
    public static string Fixed(double value, int decimals = 2) =>
        double.IsFinite(value) ? value.ToString("F" + decimals, CultureInfo.InvariantCulture) : "-";

    /// <summary>"12.3 %" of a share.</summary>
    public static string Percent(double share, int decimals = 1) => Fixed(share * 100, decimals) + " %";

    /// <summary>As it was given, shortest: "0.5", "1e-5".</summary>
    public static string Short(double value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        int e = text.IndexOf('E');
        return e < 0 ? text : $"{text[..e]}e{int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture)}";
    }

    /// <summary>Over many powers of ten: "1.23e-4", "0", "NaN".</summary>
    public static string Scientific(double value) => value == 0 ? "0" : !double.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture)
        : value.ToString("0.00e+0", CultureInfo.InvariantCulture);

    /// <summary>A factor between two numbers: "0.845", "12.1"; "1.23e-4" where it is far from 1.</summary>
    public static string Factor(double value) =>
        Math.Abs(value) is >= 1e-3 and < 1e3 ? value.ToString("G3", CultureInfo.InvariantCulture) : Scientific(value);

    /// <summary>At most three digits: "0.12", "1.23", "12.3", "123".</summary>
    public static string Digits(double value) =>
        value.ToString(value switch { < 9.995 => "0.##", < 99.95 => "0.#", _ => "0" }, CultureInfo.InvariantCulture);

    /// <summary>Three digits and a unit: "1.23 ms", "12.3 µs".</summary>
    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        0 => "0",
        < 0.9995e-3 => Digits(milliseconds * 1e6) + " ns",
        < 0.9995 => Digits(milliseconds * 1e3) + " µs",
        < 999.5 => Digits(milliseconds) + " ms",
        _ => Digits(milliseconds / 1e3) + " s",
    };

    /// <summary>Three digits and a power of a thousand: "1.23 G".</summary>
    public static string Amount(double value)
    {
        string[] units = ["", " k", " M", " G", " T", " P"];
        int unit = 0;
        while (value >= 999.5 && unit < units.Length - 1) (value, unit) = (value / 1000, unit + 1);
        return Digits(value) + units[unit];
    }
}
