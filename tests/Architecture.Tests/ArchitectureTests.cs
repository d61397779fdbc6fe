using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LoraCollab.Architecture.Tests;

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

    public static TheoryData<string> Projects => [.. Arrows.Keys];

    private static string Src => Path.Combine(Shared.Repository, "src");

    private static HashSet<string> Allowed(string project) => [.. Arrows[project].SelectMany(target => Allowed(target).Append(target))];

    [Fact]
    public void Projects_UnderSrc_AreThoseOfTheDesign() =>
        Assert.Equal(
            Arrows.Keys.Order(),
            Directory.EnumerateDirectories(Src).Where(d => Directory.EnumerateFiles(d, "*.csproj").Any()).Select(d => Path.GetFileName(d)!).Order());

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

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_UsedBySources_FollowTheArrows(string project)
    {
        foreach (var source in Source.Under($"src/{project}"))
            foreach (string line in source.Code)
                foreach (string other in Regex.Matches(line, @"\bLoraCollab\.(\w+)").Select(m => m.Groups[1].Value).Where(Arrows.ContainsKey))
                    Assert.True(other == project || Allowed(project).Contains(other), $"{source.Path} uses {other}: {line.Trim()}");
    }

    /// <summary>What one folder needs of another lies below it: no folder is reached again from where its types lead.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_HaveArrowsOneWay(string project)
    {
        var assembly = Assembly.Load(project == "Cli" ? "loracollab" : $"LoraCollab.{project}");
        var circles = FolderArrows.OnCircles(FolderArrows.Of(assembly, Source.Under($"src/{project}")));
        Assert.True(circles.Count == 0,
            $"{project}: {circles.Count} arrows between folders lie on circles:\n"
                + string.Join('\n', circles.Select(a => $"{a.From} to {a.To}: {a.Because}")));
    }

    [Fact]
    public void Libraries_WithAPlaceOfTheirOwn_AreUsedNowhereElse()
    {
        foreach (var (library, folder) in Libraries)
        {
            var use = new Regex($@"(^\s*(global\s+)?using\s+([\w.]+\s*=\s*|static\s+)?|global::|\W){Regex.Escape(library)}(\.\w|;)");
            foreach (var source in Source.Under("src").Where(s => !s.Path.StartsWith($"src/{folder}/", StringComparison.Ordinal)))
                Assert.DoesNotContain(source.Code, line => use.IsMatch(line));
        }
    }
}
