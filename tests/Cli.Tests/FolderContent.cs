using System.Text.RegularExpressions;

namespace LoraCollab.Cli.Tests;

/// <summary>Every file of a folder and what it holds, without what differs from run to run: times, and the hashes of what holds times.</summary>
internal static partial class FolderContent
{
    public static SortedDictionary<string, string> Of(string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
            files.Add(Path.GetRelativePath(folder, file), Path.GetExtension(file) == ".json" ? Text(file) : Convert.ToHexString(File.ReadAllBytes(file)));
        return files;
    }

    private static string Text(string file) => Path.GetFileName(file) == FileHashes.FileName
        ? string.Join('\n', FileHashes.Load(Path.GetDirectoryName(file)!)!.Files.Where(f => f.Key != "summary.json"))
        : Times().Replace(File.ReadAllText(file), "$1 0");

    [GeneratedRegex(@"(""\w*seconds"":) [0-9.eE+-]+")]
    private static partial Regex Times();
}
