namespace LoraCollab.Report.Plots;

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
