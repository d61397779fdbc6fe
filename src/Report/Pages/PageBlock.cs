namespace LoraCollab.Report.Pages;

/// <summary>A piece of a page.</summary>
public abstract record PageBlock
{
    /// <summary>A title; level 1 is the page's own.</summary>
    public sealed record Heading(int Level, string Text) : PageBlock;

    /// <summary>See <see cref="Words"/>.</summary>
    public sealed record Paragraph(string Text) : PageBlock;

    /// <summary>Text in rows and columns: the first column to the left, all others, which are numbers, to the right.</summary>
    public sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows) : PageBlock;

    /// <summary>A picture PATH.png with PATH.svg beside it, relative to the page, with / between names.</summary>
    public sealed record Figure(string Path, string Title, string Caption) : PageBlock;

    /// <summary>Files or pages, by an address relative to the page.</summary>
    public sealed record Links(IReadOnlyList<(string Text, string Address, string Note)> Items) : PageBlock;
}
