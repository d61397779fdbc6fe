using System.Globalization;
using System.Text.RegularExpressions;

namespace LoraCollab.Cli.Tests;

/// <summary>
/// The tutorial's commands, run once in the order of the page. Files of the repository are found from anywhere, and what the page writes to tutorial/
/// goes to a folder that is gone after the tests.
/// </summary>
public sealed partial class TutorialRuns : IDisposable
{
    private static readonly (Regex What, string By)[] Differing =
        [(Time(), " TIME"), (Place(), "host"), (Digits(), "$1"), (Small(), "$1SMALL"), (Mark(), "SMALL"), (Width(), "$1")];

    private readonly TemporaryFolder folder = new();
    private readonly List<CliRun> runs = [];

    public TutorialRuns()
    {
        foreach (var (_, command, _) in TutorialPage.Commands)
        {
            string[] words = [.. DocumentedCommands.Words(command).Select(Local)];
            runs.Add(words[0] == "cut" ? Cut(words[2]["-f".Length..], words[3])
                : CliRun.Of([.. words, .. HasBackend(words) ? ["--backend", "host"] : (string[])[]]));
        }
    }

    /// <summary>Of the n-th command, from 0.</summary>
    internal CliRun this[int command] => runs[command];

    /// <summary>Its output as the page would show it.</summary>
    internal string[] Output(int command) =>
        [.. Lines(runs[command].Out.Replace(folder.Path, "tutorial", StringComparison.Ordinal).ReplaceLineEndings("\n").TrimEnd().Split('\n'))];

    /// <summary>
    /// Without what differs from run to run and from machine to machine: times, threads, instruction set, digits after the sixth, widths of columns; and of
    /// what is below 1e-5 in scientific notation, where the mathematics library's last digit shows, the digits and the mark of the least.
    /// </summary>
    internal static IEnumerable<string> Lines(IEnumerable<string> lines) => lines.Select(l =>
        Differing.Aggregate(l, (line, d) => d.What.Replace(line, d.By)).TrimEnd());

    public void Dispose() => folder.Dispose();

    private static bool HasBackend(string[] words) => OptionTable.Find(Type(words), "backend") is not null;

    /// <summary>What cut -d, -fFIELDS FILE prints: some columns of a table.</summary>
    private static CliRun Cut(string fields, string file)
    {
        int[] columns = [.. fields.Split(',').Select(f => int.Parse(f, CultureInfo.InvariantCulture) - 1)];
        return new CliRun(0, string.Join('\n', File.ReadLines(file).Select(l => l.Split(',')).Select(l => string.Join(',', columns.Select(c => l[c])))), "");
    }

    private static Type Type(string[] words) => CommandRegistry.Find(words[0]) ?? CommandRegistry.Find($"{words[0]} {words[1]}")
        ?? throw new InvalidOperationException($"the tutorial shows a command that does not exist: {string.Join(' ', words)}");

    private string Local(string word) =>
        word.StartsWith("tutorial/", StringComparison.Ordinal) ? folder.At(word["tutorial/".Length..])
        : word.StartsWith("docs/", StringComparison.Ordinal) ? Path.Combine(Shared.Repository, word)
        : word;

    [GeneratedRegex(@" *\b\d+(\.\d)? (s|ms|min( \d\d s)?)\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"(\.\d{6})\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"host, \d+ threads?, [^).]*")]
    private static partial Regex Place();

    [GeneratedRegex(@"(^| )\d\.\d+e-(0[6-9]|[1-9]\d)")]
    private static partial Regex Small();

    /// <summary>Where a column is as wide as its longest time, all lines of the table differ.</summary>
    [GeneratedRegex(@"([ ─])\1+")]
    private static partial Regex Width();

    [GeneratedRegex(@"SMALL \*")]
    private static partial Regex Mark();
}
