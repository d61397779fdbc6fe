namespace LoraCollab.Report.Inspection;

/// <summary>
/// The flow of the gradient through the blocks: a line for every kind of tensor, its norm on a logarithmic scale against the block. A norm of 0 stands in a
/// band below the scale, one that is NaN or infinite in a band above it: what is wrong is seen first.
/// </summary>
public static class GradientFigure
{
    private const int Width = 520, Height = 440, MostTicks = 13;

    /// <summary>Height of a band and of its marks' place in it, as shares of the scale; and how far marks of one block stand apart, in blocks.</summary>
    private const double Band = 0.13, InBand = 0.08, Apart = 0.08, WidestApart = 0.6;

    private const string Stream = "stream";

    /// <summary>Writes <paramref name="path"/>.png and <paramref name="path"/>.svg.</summary>
    /// <param name="path">Folder and name, without the ending.</param>
    /// <param name="title">Of the whole.</param>
    /// <param name="report">What is drawn.</param>
    /// <param name="verdict">Its lines, of which the first stands under the title.</param>
    public static void Save(string path, string title, GradientReport report, IReadOnlyList<string> verdict)
    {
        var charts = Charts(report);
        string more = verdict.Count > 1 ? $" (and {verdict.Count - 1} more)" : "";
        ChartPicture.Save(path, title, charts, charts.Count, (Width, Height), $"verdict: {verdict[0]}{more}");
    }

    /// <summary>Activations, parameters, and the size of a step.</summary>
    internal static IReadOnlyList<Chart> Charts(GradientReport report)
    {
        var inBlocks = report.Tensors.Where(t => t.Layer is not null || t.Name == "act.embed").ToArray();
        string[] families = [.. inBlocks.OrderBy(t => t.Kind).Select(Family).Distinct().OrderBy(f => f == Stream ? 0 : 1)];
        return
        [
            Of("gradients of activations", "norm", GradientKind.Activation, t => t.Gradient.Norm),
            Of("gradients of parameters", "norm", GradientKind.Parameter, t => t.Gradient.Norm),
            Of("one AdamW step", "update / weight", GradientKind.Parameter, t => t.UpdateRatio),
        ];

        Chart Of(string name, string y, GradientKind kind, Func<TensorGradient, double?> value) =>
            Draw(name, y, families, [.. inBlocks.Where(t => t.Kind == kind).OrderBy(Block).Select(t => (t, value(t)))]);
    }

    /// <param name="name">Of the diagram.</param>
    /// <param name="y">Of its y axis.</param>
    /// <param name="families">Of the whole picture: their order decides the colours.</param>
    /// <param name="tensors">From the first block to the last; null where there is nothing to divide by.</param>
    private static Chart Draw(string name, string y, string[] families, (TensorGradient Tensor, double? Value)[] tensors)
    {
        double[] logarithms = [.. tensors.Select(t => t.Value).OfType<double>().Where(IsOnScale).Select(Math.Log10)];
        var scale = Scale(logarithms);
        double height = scale.Most - scale.Least, zero = scale.Least - InBand * height, bad = scale.Most + InBand * height;
        string[] own = [.. families.Intersect(tensors.Select(t => Family(t.Tensor)))];
        Series[] series = [.. own.Select((family, k) => Line(family, k))];
        bool anyZero = series.Any(s => s.Zeros.Count > 0), anyBad = series.Any(s => s.NotFinite.Count > 0), embedded = tensors.Any(t => Block(t.Tensor) < 0);
        int layers = tensors.Select(t => Block(t.Tensor) + 1).Append(1).Max(), none = tensors.Count(t => t.Value is null);
        return new Chart(name + (none > 0 ? $" (none for {none} of {tensors.Length} tensors, which are 0)" : ""), "block", y, series)
        {
            XTicks = [.. XTicks(layers, embedded)],
            XRange = Across(embedded ? -1 : 0, layers - 1),
            YTicks =
            [
                .. anyZero ? [(zero, "0")] : Array.Empty<(double, string)>(),
                .. logarithms.Length > 0 ? YTicks(scale) : [],
                .. anyBad ? [(bad, "NaN, ∞")] : Array.Empty<(double, string)>(),
            ],
            YRange = (scale.Least - (anyZero ? Band : 0) * height, scale.Most + (anyBad ? Band : 0) * height),
        };

        Series Line(string family, int k)
        {
            var all = tensors.Where(t => Family(t.Tensor) == family && t.Value is not null)
                .Select(t => (Block: (double)Block(t.Tensor), Value: t.Value!.Value)).ToArray();
            double aside = (k - (own.Length - 1) / 2.0) * Math.Min(Apart, WidestApart / own.Length);
            return new Series(family, Array.IndexOf(families, family), [.. all.Where(t => IsOnScale(t.Value)).Select(t => (t.Block, Math.Log10(t.Value)))])
            {
                ManyColours = true,
                Zeros = [.. all.Where(t => t.Value == 0).Select(t => (t.Block + aside, zero))],
                NotFinite = [.. all.Where(t => !double.IsFinite(t.Value)).Select(t => (t.Block + aside, bad))],
            };
        }
    }

    private static bool IsOnScale(double value) => value > 0 && double.IsFinite(value);

    private static int Block(TensorGradient tensor) => tensor.Layer ?? -1;

    private static string Family(TensorGradient tensor) => tensor.Name == "act.embed" || tensor.Family == "act.h" ? Stream : tensor.Family;

    /// <summary>The blocks from the bottom up; the stream begins before the first one.</summary>
    private static IEnumerable<(double, string)> XTicks(int layers, bool embedded)
    {
        if (embedded) yield return (-1, "embed");
        int step = (layers + MostTicks - 1) / MostTicks;
        for (int l = 0; l < layers; l += step) yield return (l, $"{l}");
    }

    /// <summary>All blocks, whatever is drawn of them, with room for the marks beside the first and last.</summary>
    private static (double Least, double Most) Across(int first, int last)
    {
        double room = Math.Max(WidestApart / 2 + 0.05, 0.04 * (last - first));
        return (first - room, last + room);
    }

    /// <summary>Around some logarithms, at least a power of ten, so that what hardly changes looks like it.</summary>
    private static (double Least, double Most) Scale(double[] logarithms)
    {
        if (logarithms.Length == 0) return (-1, 0);
        double least = logarithms.Min(), most = logarithms.Max(), room = Math.Max(0.05 * (most - least), (1 - (most - least)) / 2);
        return (least - room, most + room);
    }

    /// <summary>Powers of ten, and 2 and 5 times them where there are few; as logarithms.</summary>
    private static IEnumerable<(double, string)> YTicks((double Least, double Most) range) =>
        RoundNumbers.Decades(range.Least, range.Most, range.Most - range.Least <= 3 ? [1, 2, 5] : [1]).Select(t => (t.At, $"{t.Factor}e{t.Decade}"));
}
