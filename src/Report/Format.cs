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

    /// <summary>As it was given, shortest: "0.5", "1e-5".</summary>
    public static string Short(double value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        int e = text.IndexOf('E');
        return e < 0 ? text : $"{text[..e]}e{int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture)}";
    }
}
