using System.Reflection;
using System.Text.RegularExpressions;

namespace LoraCollab.Cli.Tests;

/// <summary>docs/kernels.md names what there is, and all there is.</summary>
public sealed partial class KernelPageTests
{
    private static readonly string Docs = Path.Combine(Shared.Repository, "docs");
    private static readonly string Page = File.ReadAllText(Path.Combine(Docs, "kernels.md"));

    private sealed class Recorder : IOpObserver
    {
        public HashSet<string> Ops { get; } = [];

        public void Before(in OpCall call) => Ops.Add(call.Op);

        public void After(in OpCall call) { }
    }

    [Fact]
    public void Methods_OfTheSections_AreThoseOfTheSeamOnceEach() =>
        Assert.Equal(
            typeof(ComputeBackend).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
                .Where(m => m.IsAbstract && m.Name.EndsWith("Core", StringComparison.Ordinal))
                .Select(m => m.Name[..^"Core".Length]).Order(StringComparer.Ordinal),
            KernelPage.Sections.SelectMany(s => s.Methods).Order(StringComparer.Ordinal));

    [Fact]
    public void Ops_OfTheSections_AreThoseThatObserversSeeOnceEach()
    {
        var recorder = new Recorder();
        using var backend = new ReferenceBackend { Observer = recorder };
        foreach (var c in OpCases.Tiny) c.Run(backend);
        Assert.Equal(recorder.Ops.Order(StringComparer.Ordinal), KernelPage.Sections.SelectMany(s => s.Ops).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Cards_OfAllSections_HaveTheirFieldsAndASourceWithTheirMethods()
    {
        foreach (var section in KernelPage.Sections)
        {
            Assert.All(new[] { "ops", "methods", "forward", "backward", "shapes", "cost" },
                field => Assert.True(section.Field(field).Count > 0, $"{section.Name} has no {field}"));
            string source = File.ReadAllText(Path.Combine(Shared.Repository, Assert.Single(section.Field("source"))));
            Assert.All(section.Methods, method => Assert.Contains($"public void {method}(", source, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Links_OfThePage_LeadToFilesThatHaveWhatTheyName()
    {
        var links = Link().Matches(Page);
        Assert.True(links.Count > 60, $"{links.Count} links");
        foreach (Match link in links)
        {
            string file = Path.Combine(Docs, link.Groups["file"].Value);
            Assert.True(File.Exists(file), $"{link.Value}: there is no such file");
            string source = File.ReadAllText(file);
            foreach (Match name in Named().Matches(link.Groups["text"].Value))
                Assert.True(Regex.IsMatch(source, $@"\b{name.Groups[1].Value}\b"), $"{link.Value}: the file has no {name.Groups[1].Value}");
        }
    }

    [Fact]
    public void EmbeddedPage_OfTheProgram_IsTheOneInDocs() =>
        Assert.All(KernelPage.Sections, s => Assert.Contains(string.Join('\n', s.Card), Page.ReplaceLineEndings("\n"), StringComparison.Ordinal));

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\((?<file>\.\./[^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Named();
}
