using System.Text.RegularExpressions;

namespace LoraCollab.Architecture.Tests;

/// <summary>How sources are laid out and what their lines may not hold.</summary>
public sealed partial class SourceTests
{
    private const int LongestLine = 160;

    [Fact]
    public void Namespace_OfEverySource_IsItsFolder()
    {
        foreach (var source in Source.Under("src").Where(s => s.Namespace.Length > 0))
            Assert.Equal("LoraCollab." + source.Folder["src/".Length..].Replace('/', '.'), source.Namespace);
    }

    [Fact]
    public void Lines_OfEverySource_HaveAtMost160Characters() =>
        RequireNone(Source.Under("src", "tests", "bench"), line => line.EnumerateRunes().Count() > LongestLine, "are longer than 160 characters");

    /// <summary>How an option is spelled is the command line's affair; a library speaks of it in words.</summary>
    [Fact]
    public void Strings_OfTheLibraries_HoldNoFlag() =>
        RequireNone(Source.Under("src").Where(s => s.Project != "src/Cli"), HoldsFlag, "hold a flag of the command line");

    [Theory]
    [InlineData("""throw new UserException($"--{name} 3: too many");""", true)]
    [InlineData("""throw new UserException("give more with --data");""", true)]
    [InlineData("""Say("shown by tensorboard --logdir");""", false)]
    [InlineData("""count--; Say("less");""", false)]
    [InlineData("""/// <summary>As --data "of" the command line.</summary>""", false)]
    [InlineData("""Say("from 1--3 on"); // as with --data "x" """, false)]
    public void Flag_InAString_IsFound(string line, bool isThere) => Assert.Equal(isThere, HoldsFlag(line));

    private static bool HoldsFlag(string line) => Flag().IsMatch(Source.WithoutComment(line));

    private static void RequireNone(IEnumerable<Source> sources, Func<string, bool> isWrong, string what)
    {
        string[] wrong = [.. sources.SelectMany(s => s.Lines.Index().Where(l => isWrong(l.Item)).Select(l => $"{s.Path}:{l.Index + 1}"))];
        Assert.True(wrong.Length == 0, $"{wrong.Length} lines {what}: {string.Join(' ', wrong)}");
    }

    /// <summary>Two dashes and a word, or an option's name put in, where a string has begun; another program's flag is none.</summary>
    [GeneratedRegex("""^[^"]*("[^"]*"[^"]*)*"([^"]*[^"\w])?--(?!logdir)[a-z{]""")]
    private static partial Regex Flag();
}
