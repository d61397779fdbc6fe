using LoraCollab.Engine;
using LoraCollab.Report.Plots;

namespace LoraCollab.Report.Gradients;

/// <summary>The flow of the gradient through the blocks: a line for every kind of tensor, its norm on a logarithmic scale against the block.</summary>
public static class GradientFigure
{
    private const int Width = 520, Height = 440, MostTicks = 13;

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    public static void Save(string path, string title, GradientReport report)
    {
        var inBlocks = report.Tensors.Where(t => t.Layer is not null || t.Name == "act.embed").ToArray();
        string[] families = [.. inBlocks.OrderBy(t => t.Kind).Select(Family).Distinct().OrderBy(f => f == Stream ? 0 : 1)];
        int layers = inBlocks.Max(t => t.Layer ?? 0) + 1;
        Chart[] charts =
        [
            Draw("gradients of activations", "norm", GradientKind.Activation, t => t.Gradient.Norm),
            Draw("gradients of parameters", "norm", GradientKind.Parameter, t => t.Gradient.Norm),
            Draw("one AdamW step", "update / weight", GradientKind.Parameter, t => t.UpdateRatio ?? 0),
        ];
        ChartPicture.Save(path, title, charts, charts.Length, (Width, Height));

        Chart Draw(string name, string y, GradientKind kind, Func<TensorGradient, double> value)
        {
            var own = inBlocks.Where(t => t.Kind == kind).ToArray();
            var points = own.Where(t => value(t) > 0).OrderBy(Block).ToLookup(Family, t => ((double)Block(t), Math.Log10(value(t))));
            var series = families.Select((family, style) => new Series(family, style, [.. points[family]]));
            int hidden = own.Count(t => !(value(t) > 0));
            Series[] shown = [.. series.Where(s => s.Points.Count > 0)];
            var range = Range([.. shown.SelectMany(s => s.Points.Select(p => p.Y))]);
            return new Chart(name + (hidden > 0 ? $" (none for {hidden} of {own.Length} tensors)" : ""), "block", y, shown)
            {
                XTicks = [.. XTicks(layers, kind == GradientKind.Activation)],
                YTicks = [.. YTicks(range)],
                YRange = range,
            };
        }
    }

    private const string Stream = "stream";

    private static int Block(TensorGradient tensor) => tensor.Layer ?? -1;

    private static string Family(TensorGradient tensor) => tensor.Name == "act.embed" || tensor.Family == "act.h" ? Stream : tensor.Family;

    /// <summary>The blocks from the bottom up; the stream begins before the first one.</summary>
    private static IEnumerable<(double, string)> XTicks(int layers, bool embedded)
    {
        if (embedded) yield return (-1, "embed");
        int step = (layers + MostTicks - 1) / MostTicks;
        for (int l = 0; l < layers; l += step) yield return (l, $"{l}");
    }

    /// <summary>Around some logarithms, at least a power of ten, so that what hardly changes looks like it.</summary>
    private static (double Least, double Most) Range(double[] logarithms)
    {
        if (logarithms.Length == 0) return (-1, 0);
        double least = logarithms.Min(), most = logarithms.Max(), room = Math.Max(0.05 * (most - least), (1 - (most - least)) / 2);
        return (least - room, most + room);
    }

    /// <summary>Powers of ten, and 2 and 5 times them where there are few; as logarithms.</summary>
    private static IEnumerable<(double, string)> YTicks((double Least, double Most) range)
    {
        int[] factors = range.Most - range.Least <= 3 ? [1, 2, 5] : [1];
        for (int decade = (int)Math.Floor(range.Least); decade <= range.Most; decade++)
            foreach (int factor in factors)
                if (decade + Math.Log10(factor) is var tick && tick >= range.Least && tick <= range.Most) yield return (tick, $"{factor}e{decade}");
    }
}
