using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LoraCollab.Kernels.Tests;

/// <summary>Dependencies run one way, and a library is used in the one place that wraps it: read from the project files and the sources themselves.</summary>
public sealed class ArchitectureTests
{
    /// <summary>The arrows; what an arrow's target may use, its source may use too.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Cli"] = ["Report", "Data"],
        ["Report"] = ["Federation"],
        ["Federation"] = ["Engine", "Data"],
        ["Engine"] = ["Kernels", "Data"],
        ["Kernels"] = [],
        ["Data"] = [],
    };

    /// <summary>Where the libraries' namespaces may be used: folders under src.</summary>
    private static readonly Dictionary<string, string> Libraries = new()
    {
        ["ILGPU"] = "Kernels/Ilgpu",
        ["CommandLine"] = "Cli",
        ["CsvHelper"] = "Data",
        ["Microsoft.ML.Tokenizers"] = "Data",
    };

    private static string Src => Path.Combine(Shared.Repository, "src");

    private static HashSet<string> Allowed(string project) => [.. Arrows[project].SelectMany(target => Allowed(target).Append(target))];

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Regex.IsMatch(Path.GetRelativePath(Src, file), @"(^|[/\\])(bin|obj)[/\\]"));

    /// <summary>A source's lines without those that are only comments.</summary>
    private static IEnumerable<string> Code(string file) => File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [Fact]
    public void Projects_UnderSrc_AreThoseOfTheDesign() =>
        Assert.Equal(Arrows.Keys.Order(), Directory.EnumerateDirectories(Src).Where(d => Directory.EnumerateFiles(d, "*.csproj").Any()).Select(d => Path.GetFileName(d)!).Order());

    [Fact]
    public void ProjectReferences_OfEveryProject_FollowTheArrows()
    {
        foreach (string project in Arrows.Keys)
        {
            var references = XDocument.Load(Path.Combine(Src, project, $"{project}.csproj")).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.All(references, target => Assert.True(Allowed(project).Contains(target), $"{project}.csproj refers to {target}"));
        }
    }

    [Fact]
    public void Namespaces_UsedBySources_FollowTheArrows()
    {
        foreach (string project in Arrows.Keys)
            foreach (string file in Sources(Path.Combine(Src, project)))
                foreach (string line in Code(file))
                    foreach (Match match in Regex.Matches(line, @"\bLoraCollab\.(\w+)"))
                        Assert.True(match.Groups[1].Value == project || Allowed(project).Contains(match.Groups[1].Value) || !Arrows.ContainsKey(match.Groups[1].Value),
                            $"{Path.GetRelativePath(Src, file)} uses {match.Value}: {line.Trim()}");
    }

    [Fact]
    public void Namespace_OfEverySource_IsItsProjects()
    {
        foreach (string project in Arrows.Keys)
            foreach (string file in Sources(Path.Combine(Src, project)))
                foreach (string line in Code(file).Where(line => line.StartsWith("namespace ", StringComparison.Ordinal)))
                    Assert.Matches($@"^namespace LoraCollab\.{project}\b", line);
    }

    [Fact]
    public void Libraries_WithAPlaceOfTheirOwn_AreUsedNowhereElse()
    {
        foreach (var (library, folder) in Libraries)
        {
            var use = new Regex($@"(^\s*(global\s+)?using\s+([\w.]+\s*=\s*|static\s+)?|global::|\W){Regex.Escape(library)}(\.\w|;)");
            foreach (string file in Sources(Src))
            {
                string relative = Path.GetRelativePath(Src, file).Replace('\\', '/');
                if (relative.StartsWith(folder + "/", StringComparison.Ordinal)) continue;
                Assert.DoesNotContain(Code(file), line => use.IsMatch(line));
            }
        }
    }
}
