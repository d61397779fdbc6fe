using System.Text.RegularExpressions;

namespace LoraCollab.Borders.Tests;

/// <summary>The table of readers is whole: read from the sources.</summary>
public sealed partial class ReaderListTests
{
    /// <summary>Calls that look like reading and are not of foreign bytes, and why.</summary>
    private static readonly Dictionary<string, string> s_not = new()
    {
        ["Disk.Cut"] = "writes",
        ["Disk.Flush"] = "writes",
        ["FolderLock.Take"] = "locks",
        ["RunFolder.WriteIfOther"] = "compares bytes, whatever they are",
        ["Family.Resource"] = "a grammar inside the program",
        ["KernelPage.Read"] = "a page inside the program",
        ["OwnProcess.Run"] = "what the program itself says to itself",
        ["HtmlPage.Image"] = "a picture just drawn",
        ["FileHash.Of"] = "hashes bytes, whatever they are",
        ["FileHashes.Add"] = "hashes bytes, whatever they are",
        ["PerScheme."] = "a value inside config.json, whose reader is tried",
        ["OtherOptions.Of"] = "values just written as JSON",
    };

    [Fact]
    public void Table_OfReaders_NamesEveryMemberThatReads()
    {
        string[] found = [.. Found().Distinct().Order(StringComparer.Ordinal)];
        string[] named = [.. Readers.All.SelectMany(r => r.Members).Concat(s_not.Keys).Distinct().Order(StringComparer.Ordinal)];
        string without = string.Join(", ", found.Except(named)), stale = string.Join(", ", named.Except(found));
        Assert.True(without + stale == "", $"these read files and are in no line of {nameof(Readers)}: {without}; these are in one and read nothing: {stale}");
    }

    [Fact]
    public void Table_OfReaders_HasEachNameOnce() => Assert.Equal(Readers.All.Count, Readers.All.DistinctBy(r => r.Name).Count());

    /// <summary>Every place of src that turns bytes of a file into something, as Type.Member.</summary>
    private static IEnumerable<string> Found()
    {
        string src = Path.Combine(Shared.Repository, "src");
        foreach (string file in Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories).Where(f => !BuildOutput().IsMatch(f)))
        {
            string member = "";
            foreach (string line in File.ReadLines(file).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                if (Declaration().IsMatch(line)) member = NameIn(line);
                if (Reads().IsMatch(line)) yield return $"{Path.GetFileNameWithoutExtension(file).Split('.')[0]}.{member}";
            }
        }
    }

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex BuildOutput();

    /// <summary>The name before the parameters or, of a property or field, the last before its value.</summary>
    private static string NameIn(string line)
    {
        string head = Value().Replace(line, "");
        return (Method().Match(head) is { Success: true } method ? method : LastWord().Match(head)).Groups[1].Value;
    }

    [GeneratedRegex(@"^    (public|private|internal|protected|static) ")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\s*(=>|=|\{).*$")]
    private static partial Regex Value();

    [GeneratedRegex(@"(\w+)(?:<[\w, ]+>)?\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"(\w+)\s*$")]
    private static partial Regex LastWord();

    [GeneratedRegex(@"\bFile\.(Read|Open)|FileMode\.Open|\bnew (StreamReader|BinaryReader|GZipStream|ZLibStream|BrotliStream|DeflateStream)\b"
        + @"|\bJsonSerializer\.Deserialize|\bJson(Document|Node|Element)\.Parse|\bXDocument|\bTextFile\.Read|\bTokenFile\.Read"
        + @"|\breading\.[A-Z]\w*\(|\bForeignBytes\.Read"
        + @"|\bSafetensors(File|Header)\.(Open|Read)|\bTensorBag\.Load|\b(Run|Own)Json\.Parse|\bHfJson\.Read|\bHfConfig\.Read|\bPeftConfig\.Read"
        + @"|\bJsonLines\.Texts|\bDocumentFile\.Read|\bnew RunLog\([^)]*\)+\.Read|\bRoundFile\.Read|\bProfileFile\.Read")]
    private static partial Regex Reads();
}
