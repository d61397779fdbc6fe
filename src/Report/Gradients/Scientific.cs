using System.Globalization;

namespace LoraCollab.Report.Gradients;

/// <summary>Numbers over many powers of ten: 1.23e-4, 0, NaN.</summary>
public static class Scientific
{
    public static string Text(double value) => value == 0 ? "0" : !double.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture)
        : value.ToString("0.00e+0", CultureInfo.InvariantCulture);
}
