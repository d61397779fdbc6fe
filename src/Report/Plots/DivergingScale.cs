using SkiaSharp;

namespace LoraCollab.Report.Plots;

/// <summary>Blue over white to orange, for values around zero: told apart with every kind of colour vision.</summary>
internal static class DivergingScale
{
    private static readonly SKColor s_low = SKColor.Parse("#0072B2"), s_high = SKColor.Parse("#D55E00");

    /// <summary>The colour of <paramref name="value"/> in [−1, 1]; values outside are clamped.</summary>
    public static SKColor At(double value)
    {
        double share = Math.Clamp(double.IsNaN(value) ? 0 : value, -1, 1);
        var end = share < 0 ? s_low : s_high;
        byte Mix(byte part) => (byte)Math.Round(255 + Math.Abs(share) * (part - 255));
        return new SKColor(Mix(end.Red), Mix(end.Green), Mix(end.Blue));
    }
}
