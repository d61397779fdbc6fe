using System.Globalization;

namespace LoraCollab.Report.Gradients;

/// <summary>Numbers over many powers of ten: 1.23e-4, 0, NaN.</summary>
public static class Scientific
{
    /// <summary>A factor between two numbers: 0.845, 12.1; 1.23e-4 where it is far from 1.</summary>
    public static string Factor(double value) => Math.Abs(value) is >= 1e-3 and < 1e3 ? value.ToString("G3", CultureInfo.InvariantCulture) : Text(value);

    public static string Text(double value) => value == 0 ? "0" : !double.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture)
        : value.ToString("0.00e+0", CultureInfo.InvariantCulture);
}
