namespace LoraCollab.Cli.Tests;

/// <summary>docs/tutorial.md, as far as it claims something: its calculations (```calc) and its commands with their output (```console).</summary>
internal static class TutorialPage
{
    private static readonly string[] Starts = ["$ loracollab ", "$ cut -d, -f"];

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Shared.Repository, "docs", "tutorial.md"));

    /// <summary>The calculations of each chapter that has any, in the order of the page.</summary>
    public static IReadOnlyList<(string Chapter, string[] Lines)> Calculations { get; } =
        [.. Blocks("calc").GroupBy(b => b.Chapter).Select(g => (g.Key, g.SelectMany(b => b.Lines).ToArray()))];

    /// <summary>Every command with what the page shows below it, in the order of the page.</summary>
    public static IReadOnlyList<(string Chapter, string Command, string[] Output)> Commands { get; } = [.. Blocks("console").SelectMany(InBlock)];

    private static IEnumerable<(string Chapter, string[] Lines)> Blocks(string kind)
    {
        string chapter = "";
        for (int i = 0; i < Lines.Length; i++)
        {
            if (Lines[i].StartsWith("## ", StringComparison.Ordinal)) chapter = Lines[i][3..];
            if (Lines[i] != "```" + kind) continue;
            int end = Array.IndexOf(Lines, "```", i);
            yield return (chapter, Lines[(i + 1)..end]);
            i = end;
        }
    }

    /// <summary>A line "$ …" is a command, without the program's name; it goes on after a backslash, and what follows is its output.</summary>
    private static IEnumerable<(string Chapter, string Command, string[] Output)> InBlock((string Chapter, string[] Lines) block)
    {
        var (chapter, lines) = block;
        for (int i = 0; i < lines.Length;)
        {
            Assert.True(Array.Exists(Starts, lines[i].StartsWith), $"{chapter}: '{lines[i]}' is no command");
            string command = lines[i++]["$ ".Length..].Replace("loracollab ", "", StringComparison.Ordinal);
            while (command.EndsWith('\\')) command = command[..^1] + lines[i++].Trim();
            int start = i;
            while (i < lines.Length && !lines[i].StartsWith("$ ", StringComparison.Ordinal)) i++;
            yield return (chapter, command, lines[start..i]);
        }
    }
}
