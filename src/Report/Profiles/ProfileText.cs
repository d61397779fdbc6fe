using System.Globalization;

namespace LoraCollab.Report.Profiles;

/// <summary>Three digits and a unit: how the columns of profiles are written.</summary>
internal static class ProfileText
{
    /// <summary>"1.23 ms".</summary>
    public static string Time(double milliseconds) => milliseconds switch
    {
        0 => "0",
        < 0.9995e-3 => Digits(milliseconds * 1e6) + " ns",
        < 0.9995 => Digits(milliseconds * 1e3) + " µs",
        < 999.5 => Digits(milliseconds) + " ms",
        _ => Digits(milliseconds / 1e3) + " s",
    };

    /// <summary>"1.23 G".</summary>
    public static string Amount(double value)
    {
        string[] units = ["", " k", " M", " G", " T", " P"];
        int unit = 0;
        while (value >= 999.5 && unit < units.Length - 1) (value, unit) = (value / 1000, unit + 1);
        return Digits(value) + units[unit];
    }

    /// <summary>Three digits: "0.12", "1.23", "12.3", "123".</summary>
    public static string Digits(double value) => value.ToString(value switch { < 9.995 => "0.##", < 99.95 => "0.#", _ => "0" }, CultureInfo.InvariantCulture);

    /// <summary>"12.3 %".</summary>
    public static string Percent(double share) => Format.Fixed(share * 100, 1) + " %";
}
