namespace LoraCollab.Cli.Tests;

/// <summary>Every command line of this program that README.md and docs/*.md show, as words.</summary>
internal static class DocumentedCommands
{
    private static readonly string[] Starts = ["loracollab ", "dotnet run -c Release --project src/Cli -- "];

    /// <summary>Each command once, with the page that shows it first.</summary>
    public static IReadOnlyList<(string Page, string Command)> All { get; } = [.. Pages().SelectMany(Of).DistinctBy(c => c.Command)];

    /// <summary>Splits at blanks; what stands in quotes is one word.</summary>
    public static string[] Words(string command) =>
        [.. command.Split('"', '\'').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static IEnumerable<string> Pages() =>
        Directory.GetFiles(Path.Combine(Shared.Repository, "docs"), "*.md").Where(p => Path.GetFileName(p) != "commands.head.md")
            .Order(StringComparer.Ordinal).Prepend(Path.Combine(Shared.Repository, "README.md"));

    /// <summary>A command is an indented line of code; it goes on after a backslash, and in help pages, whose lines are wrapped, until a blank line
    /// or the next example.</summary>
    private static IEnumerable<(string Page, string Command)> Of(string page)
    {
        string[] lines = File.ReadAllLines(page);
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimStart();
            int indent = lines[i].Length - line.Length;
            // A help page's synopsis is no command.
            if (indent < 2 || line.EndsWith("[--option value ...]", StringComparison.Ordinal)
                || Array.Find(Starts, s => line.StartsWith(s, StringComparison.Ordinal)) is not { } start) continue;
            string command = line[start.Length..];
            for (; command.EndsWith('\\'); i++) command = command[..^1] + lines[i + 1].Trim();
            for (; indent == 2 && i + 1 < lines.Length && IsWrapped(lines[i + 1]); i++) command += " " + lines[i + 1].Trim();
            yield return (Path.GetFileName(page), command.Split('#')[0].Trim());
        }
    }

    private static bool IsWrapped(string line) => line.StartsWith("  ", StringComparison.Ordinal)
        && !Starts.Any(s => line.TrimStart().StartsWith(s, StringComparison.Ordinal));
}
