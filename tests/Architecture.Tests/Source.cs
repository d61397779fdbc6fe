using System.Text.RegularExpressions;

namespace LoraCollab.Architecture.Tests;

/// <summary>One source file of the repository.</summary>
/// <param name="Path">Below the repository's root, with slashes on every system.</param>
internal sealed partial record Source(string Path)
{
    private readonly Lazy<string> _text = new(() => File.ReadAllText(System.IO.Path.Combine(Shared.Repository, Path)));

    public string Text => _text.Value;

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    /// <summary>src/Data, tests/Data.Tests or bench.</summary>
    public string Project => Folder.StartsWith("bench", StringComparison.Ordinal) ? "bench" : string.Join('/', Folder.Split('/').Take(2));

    /// <summary>As it is declared; empty where there is none.</summary>
    public string Namespace => Declaration().Match(Text).Groups[1].Value;

    public IEnumerable<string> Lines => Text.Split('\n');

    /// <summary>The lines without comments.</summary>
    public IEnumerable<string> Code => Lines.Select(WithoutComment);

    public static string WithoutComment(string line) => Comment().Replace(line, "");

    /// <summary>All sources below folders of the repository that are written by hand.</summary>
    public static List<Source> Under(params ReadOnlySpan<string> folders)
    {
        var sources = new List<Source>();
        foreach (string folder in folders)
            sources.AddRange(Directory.EnumerateFiles(System.IO.Path.Combine(Shared.Repository, folder), "*.cs", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(Shared.Repository, file).Replace('\\', '/'))
                .Where(file => !Built().IsMatch(file)).Order(StringComparer.Ordinal).Select(file => new Source(file)));
        return sources;
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(^|\s)//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(^|/)(bin|obj)/")]
    private static partial Regex Built();
}
