using System.Reflection;

namespace LoraCollab.Architecture.Tests;

/// <summary>
/// What a strategy is decides nothing outside its own file: nobody else asks for its name or knows its type, only for what it declares.
/// </summary>
public sealed class StrategyTests
{
    /// <summary>Where a strategy may be named all the same, and why.</summary>
    private static readonly (string Place, string Line, string Why)[] s_allowed =
    [
        ("src/Federation/Options/CollaborationOptions.cs", "Schemes {", "the default of an option; a test compares it with the registry"),
        ("src/Federation/Runs/RunConsistency.cs", "at.", "keys of trust.jsonl and of a replay's lines"),
        ("src/Cli/", "Choices = [", "the words that an option takes, for help and completion; validation is also a part of a text"),
    ];

    private static readonly Type[] s_types =
        [.. typeof(IStrategy).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IStrategy)))];

    [Fact]
    public void Names_OutsideTheirFiles_DecideNothing()
    {
        var found = Source.Under("src").Where(s => s.Folder != "src/Federation/Strategies").SelectMany(s => s.Lines.Index()
            .Where(l => HoldsName(l.Item) && !s_allowed.Any(a =>
                s.Path.StartsWith(a.Place, StringComparison.Ordinal) && l.Item.Contains(a.Line, StringComparison.Ordinal)))
            .Select(l => $"{s.Path}:{l.Index + 1}: {l.Item.Trim()}"));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("LoraCollab.Federation")]
    [InlineData("LoraCollab.Report")]
    [InlineData("loracollab")]
    public void Types_OutsideTheirFiles_AreUnknown(string assembly)
    {
        var others = Assembly.Load(assembly).GetTypes().Where(t => !t.IsNested && t.Namespace != typeof(IStrategy).Namespace);
        Assert.Empty(others.SelectMany(t => TypeReferences.Of(t).Intersect(s_types).Select(s => $"{t.FullName} refers to {s.Name}")));
    }

    [Fact]
    public void Names_InTheFolderOfStrategies_StandInTheirOwnFile()
    {
        foreach (var d in StrategyRegistry.All)
            Assert.Single(Source.Under("src/Federation/Strategies"), s => s.Code.Any(line => line.Contains($"\"{d.Name}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Strategies_ThatAreWritten_AreRegistered()
    {
        var context = new StrategyContext(new CollaborationOptions().Resolve(), "specific", 4);
        var paper = context with { Options = new CollaborationOptions { Compat = Compat.Paper }.Resolve() };
        var made = StrategyRegistry.All.SelectMany(d => new[] { d.Create(context), d.Create(paper) }).Select(s => s.GetType());
        Assert.Equal(s_types.Select(t => t.Name).Order(), made.Distinct().Select(t => t.Name).Order());
    }

    [Theory]
    [InlineData("""if (scheme == "local") return;""", true)]
    [InlineData("""case "median": // the middle""", true)]
    [InlineData("""Say($"local is left out");""", false)]
    [InlineData("""Say("the median"); // "median" is one""", false)]
    public void Name_InAString_IsFound(string line, bool isThere) => Assert.Equal(isThere, HoldsName(line));

    private static bool HoldsName(string line) =>
        StrategyRegistry.Names.Any(name => Source.WithoutComment(line).Contains($"\"{name}\"", StringComparison.Ordinal));
}
