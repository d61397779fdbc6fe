namespace LoraCollab.Data.Corpus.Generated.Grammar;

/// <summary>
/// The exact log-probability of a text under a grammar, by the inside algorithm: every node maps the set of positions at which it may start, each with
/// its log-probability so far, to the positions at which it may end. Where several derivations give one text, their probabilities add up.
/// What a node could write beyond the end of the text is summed over, and adds nothing.
/// </summary>
internal static class Reader
{
    private const string End = "\u0003";

    private static readonly List<(int Position, double Log)> None = [];

    /// <summary>log p(text | category); −∞ where the grammar cannot write the text.</summary>
    public static double LogProbability(Node root, string text, int category) =>
        LogProbabilityOfBeginning(new Node.Sequence([root, new Node.Literal(End)]), text + End, category);

    /// <summary>log of the probability that a text of that category begins with this one.</summary>
    public static double LogProbabilityOfBeginning(Node root, string text, int category)
    {
        foreach (var (position, log) in Advance(root, [(0, 0.0)], text, category))
            if (position == text.Length)
                return log;
        return double.NegativeInfinity;
    }

    private static List<(int Position, double Log)> Advance(Node node, List<(int Position, double Log)> starts, string text, int category)
    {
        switch (node)
        {
            case Node.Literal literal:
                return Match(literal.Text, starts, text);
            case Node.Sequence sequence:
                foreach (var item in sequence.Items)
                {
                    starts = Advance(item, starts, text, category);
                    if (starts.Count == 0) break;
                }
                return starts;
            case Node.Choice choice:
                List<(int, double)> ends = [];
                for (int i = 0; i < choice.Options.Count; i++)
                    foreach (var (position, log) in Advance(choice.Options[i], starts, text, category))
                        Merge(ends, position, log + choice.Logarithms[i]);
                return ends;
            case Node.ByCategory byCategory:
                return byCategory.Variants[category] is { } variant ? Advance(variant, starts, text, category) : None;
            case Node.Marked marked:
                return Advance(marked.Inner, starts, text, category);
            default:
                throw new InvalidOperationException($"unknown node {node.GetType().Name}");
        }
    }

    private static List<(int Position, double Log)> Match(string literal, List<(int Position, double Log)> starts, string text)
    {
        List<(int, double)>? ends = null;
        foreach (var (position, log) in starts)
        {
            int length = Math.Min(literal.Length, text.Length - position);
            if (string.CompareOrdinal(text, position, literal, 0, length) == 0)
                Merge(ends ??= [], position + length, log);
        }
        return ends ?? None;
    }

    /// <summary>Adds exp(log) to the probability of ending at <paramref name="position"/>.</summary>
    private static void Merge(List<(int Position, double Log)> ends, int position, double log)
    {
        int known = ends.FindIndex(e => e.Position == position);
        if (known < 0) ends.Add((position, log));
        else ends[known] = (position, LogAdd(ends[known].Log, log));
    }

    /// <summary>log(eᵃ + eᵇ); −∞ where both are.</summary>
    public static double LogAdd(double a, double b)
    {
        double high = Math.Max(a, b);
        return double.IsNegativeInfinity(high) ? high : high + Math.Log(Math.Exp(a - high) + Math.Exp(b - high));
    }
}
