namespace LoraCollab.Report.Runs;

/// <summary>A picture of a report, ready to be drawn.</summary>
/// <param name="Name">Of its files, without the ending.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Caption">What a reader has to know to read it.</param>
/// <param name="Save">Draws it to a path without an ending.</param>
public sealed record ReportFigure(string Name, string Title, string Caption, Action<string> Save)
{
    /// <summary>The picture on its page, in the folder figures.</summary>
    public PageBlock Block => new PageBlock.Figure($"figures/{Name}", Title, Caption);

    /// <summary>Draws pictures into the folder figures below <paramref name="folder"/>.</summary>
    /// <param name="folder">Where the page will lie.</param>
    /// <param name="figures">All of them.</param>
    /// <param name="drawn">Told what is being drawn, and the share of them that is done.</param>
    public static void SaveAll(string folder, IReadOnlyList<ReportFigure> figures, Action<string, double>? drawn)
    {
        for (int i = 0; i < figures.Count; i++)
        {
            drawn?.Invoke(figures[i].Title, (double)i / figures.Count);
            figures[i].Save(Path.Combine(folder, "figures", figures[i].Name));
        }
    }

    /// <summary>Deletes pictures of an earlier report that are on this one's page no longer: those whose names begin alike.</summary>
    /// <param name="folder">Where the page lies.</param>
    /// <param name="figures">All of the page.</param>
    /// <param name="begins">How names of such pictures begin; others are not this program's.</param>
    public static void DeleteOthers(string folder, IReadOnlyList<ReportFigure> figures, IReadOnlyList<string> begins)
    {
        var names = figures.Select(f => f.Name).ToHashSet();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "figures")).Where(f => Path.GetExtension(f) is ".png" or ".svg").ToArray())
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (!names.Contains(name) && begins.Any(b => name.StartsWith(b, StringComparison.Ordinal))) Disk.Delete(file);
        }
    }
}
