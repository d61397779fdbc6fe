namespace LoraCollab.Data.Corpus.Generated.Grammar;

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
