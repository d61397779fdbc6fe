using System.Globalization;
using System.Text.RegularExpressions;

namespace LoraCollab.Data.Corpus.Generated.Grammar;

/// <summary>
/// Reads grammar files. A rule starts with <c>= name</c>, for one category <c>= name [Category]</c>, then the words <c>zipf</c> (the n-th alternative has
/// weight 1/n) or <c>lexicon</c> (see <see cref="Rule"/>) where they apply. Its alternatives follow, one per line, with a weight before them (<c>3: </c>) or
/// none (1). References stand in angle brackets (see <see cref="ReferenceKind"/>), <c>\n</c> is a line break, and lines that begin with # are comments.
/// </summary>
internal static partial class GrammarFile
{
    public static IReadOnlyList<Rule> Parse(string text)
    {
        var rules = new List<Rule>();
        List<Alternative> alternatives = [];
        bool zipf = false;
        foreach (string line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '=')
            {
                var header = Header().Match(line);
                if (!header.Success) throw new FormatException($"'{line}' is not the header of a rule");
                string flags = header.Groups["flags"].Value;
                zipf = flags is "zipf" or "lexicon";
                alternatives = [];
                string category = header.Groups["category"].Value;
                rules.Add(new Rule(header.Groups["name"].Value, category.Length > 0 ? category : null, flags == "lexicon", alternatives));
            }
            else
            {
                var weight = Weight().Match(line);
                double value = weight.Success ? double.Parse(weight.Groups[1].Value, CultureInfo.InvariantCulture) : zipf ? 1.0 / (alternatives.Count + 1) : 1;
                alternatives.Add(new Alternative(value, Pieces(line[weight.Length..].Replace("\\n", "\n"))));
            }
        }
        return rules;
    }

    private static List<Piece> Pieces(string text)
    {
        var pieces = new List<Piece>();
        int at = 0;
        foreach (Match reference in Reference().Matches(text))
        {
            if (reference.Index > at) pieces.Add(new Piece(ReferenceKind.None, text[at..reference.Index], []));
            string[] keys = reference.Groups["keys"].Success ? reference.Groups["keys"].Value.Split(',') : [];
            var kind = keys.Length > 0 ? ReferenceKind.Continuation : reference.Groups["key"].Success ? ReferenceKind.Key : ReferenceKind.Free;
            pieces.Add(new Piece(kind, reference.Groups["name"].Value, keys));
            at = reference.Index + reference.Length;
        }
        if (at < text.Length) pieces.Add(new Piece(ReferenceKind.None, text[at..], []));
        return pieces;
    }

    [GeneratedRegex(@"^= (?<name>[a-z.]+)( \[(?<category>[^\]]+)\])?( (?<flags>zipf|lexicon))?$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^(\d+): ")]
    private static partial Regex Weight();

    [GeneratedRegex(@"<(?<name>[a-z.]+)((?<key>!)|@(?<keys>[a-z.,]+))?>")]
    private static partial Regex Reference();
}

/// <summary>How a reference within an alternative is resolved.</summary>
internal enum ReferenceKind
{
    /// <summary>Not a reference: the text itself.</summary>
    None,

    /// <summary>&lt;name&gt;: any text of that rule.</summary>
    Free,

    /// <summary>&lt;name!&gt;: any text of that rule, and a key on which continuations of this alternative depend.</summary>
    Key,

    /// <summary>&lt;name@key&gt; or &lt;name@key,key&gt;: the one word of that rule that the world has assigned to these keys and the category.</summary>
    Continuation,
}

/// <summary>A piece of an alternative: literal text, or a reference to the rule named <paramref name="Text"/>.</summary>
internal sealed record Piece(ReferenceKind Kind, string Text, IReadOnlyList<string> Keys);

/// <summary>One way to write a rule.</summary>
internal sealed record Alternative(double Weight, IReadOnlyList<Piece> Pieces)
{
    /// <summary>The text of an alternative that has no references, such as an entry of a word list.</summary>
    public string Literal => string.Concat(Pieces.Select(p => p.Text));

    public bool IsLiteral => Pieces.All(p => p.Kind == ReferenceKind.None);
}

/// <summary>A named rule of a grammar file, for one category or (<paramref name="Category"/> null) for all.</summary>
/// <param name="IsLexicon">The entries have Zipf frequencies in an order that the world draws, and count as lexicon words.</param>
internal sealed record Rule(string Name, string? Category, bool IsLexicon, IReadOnlyList<Alternative> Alternatives);
