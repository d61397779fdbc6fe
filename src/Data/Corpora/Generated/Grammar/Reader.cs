namespace LoraCollab.Data.Generated.Grammar;

/// <summary>
/// The exact log-probability of a text under a grammar, by the inside algorithm: every node maps the set of positions at which it may start, each with
/// its log-probability so far, to the positions at which it may end. Where several derivations give one text, their probabilities add up.
/// </summary>
internal static class Reader
{
    /// <summary>log p(text | category); −∞ where the grammar cannot write the text.</summary>
    public static double LogProbability(Node root, string text, int category)
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
                    Merge(ends, Advance(choice.Options[i], starts, text, category), choice.Logarithms[i]);
                return ends;
            case Node.ByCategory byCategory:
                return byCategory.Variants[category] is { } variant ? Advance(variant, starts, text, category) : None;
            case Node.Marked marked:
                return Advance(marked.Inner, starts, text, category);
            default:
                throw new InvalidOperationException($"unknown node {node.GetType().Name}");
        }
    }

    private static readonly List<(int Position, double Log)> None = [];

    private static List<(int Position, double Log)> Match(string literal, List<(int Position, double Log)> starts, string text)
    {
        List<(int, double)>? ends = null;
        foreach (var (position, log) in starts)
            if (string.CompareOrdinal(text, position, literal, 0, literal.Length) == 0)
                (ends ??= []).Add((position + literal.Length, log));
        return ends ?? None;
    }

    /// <summary>ends ← ends + exp(weight) · more, position by position, in logarithms.</summary>
    private static void Merge(List<(int Position, double Log)> ends, List<(int Position, double Log)> more, double weight)
    {
        foreach (var (position, log) in more)
        {
            int known = ends.FindIndex(e => e.Position == position);
            if (known < 0) ends.Add((position, log + weight));
            else ends[known] = (position, LogAdd(ends[known].Log, log + weight));
        }
    }

    /// <summary>log(eᵃ + eᵇ); −∞ where both are.</summary>
    public static double LogAdd(double a, double b)
    {
        double high = Math.Max(a, b);
        return double.IsNegativeInfinity(high) ? high : high + Math.Log(Math.Exp(a - high) + Math.Exp(b - high));
    }
}
