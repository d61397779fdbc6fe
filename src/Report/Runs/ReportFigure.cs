using LoraCollab.Report.Pages;

namespace LoraCollab.Report.Runs;

/// <summary>A picture of a report, ready to be drawn.</summary>
/// <param name="Name">Of its files, without the ending.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Caption">What a reader has to know to read it.</param>
/// <param name="Save">Draws it to a path without an ending.</param>
public sealed record ReportFigure(string Name, string Title, string Caption, Action<string> Save)
{
    public Block Block => new Block.Figure(Name, Title, Caption);
}
