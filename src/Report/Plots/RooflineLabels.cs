namespace LoraCollab.Report.Plots;

/// <summary>
/// Where the numbers of a roofline's points stand, in pixels. A point alone has its number on it; numbers that would be covered stand together, "2, 3, 4",
/// beside their points where nothing else is; where no side is free, whoever is in the way joins them.
/// </summary>
internal sealed class RooflineLabels
{
    public const double TextSize = 10;

    private const double TextHeight = 12, Air = 2;

    private readonly IReadOnlyList<(double X, double Y, double Diameter)> _markers;
    private readonly PlotBox _frame;
    private readonly IReadOnlyList<PlotBox> _taken;

    private RooflineLabels(IReadOnlyList<(double X, double Y, double Diameter)> markers, PlotBox frame, IReadOnlyList<PlotBox> taken) =>
        (_markers, _frame, _taken) = (markers, frame, taken);

    /// <summary>Labels of all points; none touches another, nor a point it does not name.</summary>
    /// <param name="markers">The points; y downwards.</param>
    /// <param name="frame">Labels beside points stay in it.</param>
    /// <param name="taken">Places of other text.</param>
    public static IReadOnlyList<RooflineLabel> Of(IReadOnlyList<(double X, double Y, double Diameter)> markers, PlotBox frame, IReadOnlyList<PlotBox> taken)
    {
        var labels = new RooflineLabels(markers, frame, taken);
        List<int[]> heaps = [.. Enumerable.Range(0, markers.Count).Select(i => (int[])[i])];
        while (true)
        {
            if (labels.TryPlace(heaps, out var placed, out int stuck)) return placed;
            int other = labels.InTheWayOf(heaps, stuck, placed);
            int[] joined = [.. heaps[stuck].Concat(heaps[other]).Order()];
            heaps[Math.Min(stuck, other)] = joined;
            heaps.RemoveAt(Math.Max(stuck, other));
        }
    }

    /// <summary>Places heap by heap; false at the first that has no free place.</summary>
    private bool TryPlace(List<int[]> heaps, out List<RooflineLabel> placed, out int stuck)
    {
        placed = [];
        for (stuck = 0; stuck < heaps.Count; stuck++)
        {
            int[] heap = heaps[stuck];
            var markers = Enumerable.Range(0, _markers.Count).Except(heap).Select(Marker);
            PlotBox[] others = [.. markers, .. placed.Select(l => l.Box), .. heap.Length > 1 ? _taken : []];
            // Whatever happens, a heap of all points has a place.
            var free = Places(heap).Where(box => !others.Any(box.Touches) && (heap.Length == 1 || _frame.Holds(box)))
                .Concat(heaps.Count == 1 ? [Places(heap)[0]] : []).Cast<PlotBox?>().FirstOrDefault();
            if (free is not { } found) return false;
            placed.Add(new RooflineLabel(heap, found));
        }
        return true;
    }

    /// <summary>The heap that a stuck heap's first choice touches; where that is only text or the frame, the nearest.</summary>
    private int InTheWayOf(List<int[]> heaps, int stuck, List<RooflineLabel> placed)
    {
        var wanted = Places(heaps[stuck])[0];
        var others = Enumerable.Range(0, heaps.Count).Where(h => h != stuck).ToArray();
        bool Touched(int h) => heaps[h].Any(p => Marker(p).Touches(wanted)) || (h < placed.Count && placed[h].Box.Touches(wanted));
        return others.Cast<int?>().FirstOrDefault(h => Touched(h!.Value))
            ?? others.MinBy(h => heaps[h].Min(p => Distance(p, heaps[stuck][0])));
    }

    /// <summary>On a point; below, above, right and left of several.</summary>
    private PlotBox[] Places(int[] heap)
    {
        double width = CanvasDrawing.Width(Joined(heap), TextSize, bold: true);
        if (heap.Length == 1) return [PlotBox.Around(_markers[heap[0]].X, _markers[heap[0]].Y, width, TextHeight - 4)];
        var all = heap.Select(Marker).Aggregate((a, b) => a.With(b));
        double x = (all.Left + all.Right) / 2, y = (all.Top + all.Bottom) / 2, up = TextHeight / 2 + Air, aside = width / 2 + Air;
        return
        [
            PlotBox.Around(x, all.Bottom + up, width, TextHeight), PlotBox.Around(x, all.Top - up, width, TextHeight),
            PlotBox.Around(all.Right + aside, y, width, TextHeight), PlotBox.Around(all.Left - aside, y, width, TextHeight),
        ];
    }

    private PlotBox Marker(int point) => PlotBox.Around(_markers[point].X, _markers[point].Y, _markers[point].Diameter, _markers[point].Diameter);

    private double Distance(int a, int b) => Math.Abs(_markers[a].X - _markers[b].X) + Math.Abs(_markers[a].Y - _markers[b].Y);

    internal static string Joined(int[] points) => string.Join(", ", points.Select(p => p + 1));
}

/// <summary>One label: the numbers of its points, from 0, and its place.</summary>
internal sealed record RooflineLabel(int[] Points, PlotBox Box)
{
    public string Text => RooflineLabels.Joined(Points);
}

/// <summary>A rectangle of a picture, in pixels; y downwards.</summary>
internal readonly record struct PlotBox(double Left, double Top, double Right, double Bottom)
{
    public static PlotBox Around(double x, double y, double width, double height) => new(x - width / 2, y - height / 2, x + width / 2, y + height / 2);

    public bool Touches(PlotBox other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool Holds(PlotBox other) => Left <= other.Left && Top <= other.Top && other.Right <= Right && other.Bottom <= Bottom;

    /// <summary>The smallest that holds both.</summary>
    public PlotBox With(PlotBox other) =>
        new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));
}
