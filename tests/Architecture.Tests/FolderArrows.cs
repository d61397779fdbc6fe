using System.Reflection;
using System.Text.RegularExpressions;

namespace LoraCollab.Architecture.Tests;

/// <summary>Arrows between the folders of one project, which are its namespaces: a type here refers to one there.</summary>
internal static class FolderArrows
{
    /// <summary>An arrow and one reference that makes it: "RoundLoop to TrustMatrix".</summary>
    public readonly record struct Arrow(string From, string To, string Because);

    /// <param name="assembly">The project, built.</param>
    /// <param name="sources">Its sources: constants are no longer to be seen in what is built.</param>
    public static List<Arrow> Of(Assembly assembly, IEnumerable<Source> sources)
    {
        var types = assembly.GetTypes().Where(t => !t.IsNested && t.Namespace?.StartsWith("LoraCollab.", StringComparison.Ordinal) == true).ToArray();
        var arrows = types.SelectMany(type => TypeReferences.Of(type).Where(to => to.Assembly == assembly)
            .Select(to => new Arrow(type.Namespace!, Outermost(to).Namespace ?? "", $"{type.Name} to {Outermost(to).Name}")));
        return [.. arrows.Concat(OfConstants(types, sources)).Where(a => a.From != a.To && a.To.StartsWith("LoraCollab.", StringComparison.Ordinal))
            .DistinctBy(a => (a.From, a.To))];
    }

    /// <summary>Arrows that lie on a circle: whose end leads back to their beginning, over however many folders.</summary>
    public static List<Arrow> OnCircles(IReadOnlyCollection<Arrow> arrows)
    {
        var next = arrows.ToLookup(a => a.From, a => a.To);
        return [.. arrows.Where(a => Reached(a.To).Contains(a.From))];

        HashSet<string> Reached(string from)
        {
            var seen = new HashSet<string> { from };
            var open = new Stack<string>(seen);
            while (open.TryPop(out string? at))
                foreach (string to in next[at])
                    if (seen.Add(to)) open.Push(to);
            return seen;
        }
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>Constants and values of enumerations, by their spelling in the sources: "GuardWords.Count".</summary>
    private static IEnumerable<Arrow> OfConstants(IEnumerable<Type> types, IEnumerable<Source> sources)
    {
        var constants = types.Where(t => !t.IsGenericType)
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f.IsLiteral)
                .Select(f => (Name: $"{t.Name}.{f.Name}", t.Namespace)))
            .ToLookup(c => c.Name, c => c.Namespace!);
        foreach (var source in sources)
            foreach (string word in source.Code.SelectMany(line => Regex.Matches(line, @"(?<![.\w])[A-Z]\w*\.[A-Z]\w*")).Select(m => m.Value).Distinct())
                foreach (string to in constants[word])
                    yield return new Arrow(source.Namespace, to, $"{source.Path} to {word}");
    }
}
