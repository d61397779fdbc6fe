namespace LoraCollab.Data.Corpus.Generated.Grammar;

/// <summary>What decided a piece of text.</summary>
internal enum Part
{
    Grammar,
    Continuation,
    Lexicon,
}

/// <summary>
/// A distribution over texts for every category: a tree of literals, sequences and weighted choices. The category acts in one place only,
/// <see cref="ByCategory"/>. <see cref="Writer"/> draws from it and <see cref="Reader"/> gives the exact probability of a text.
/// </summary>
internal abstract record Node
{
    internal sealed record Literal(string Text) : Node;

    internal sealed record Sequence(IReadOnlyList<Node> Items) : Node;

    /// <summary>One of the options; <paramref name="Cumulative"/>[i] is the probability of options 0…i, the last one 1.</summary>
    internal sealed record Choice(IReadOnlyList<Node> Options, double[] Cumulative) : Node
    {
        /// <summary>log p of each option.</summary>
        public double[] Logarithms { get; } = [.. Cumulative.Select((p, i) => Math.Log(i == 0 ? p : p - Cumulative[i - 1]))];

        public static Choice Of(IReadOnlyList<Node> options, IReadOnlyList<double> weights)
        {
            double total = weights.Sum(), sum = 0;
            var cumulative = new double[weights.Count];
            for (int i = 0; i < weights.Count; i++) cumulative[i] = (sum += weights[i]) / total;
            cumulative[^1] = 1;
            return new Choice(options, cumulative);
        }
    }

    /// <summary>A text of its own for each category; null where the rule does not exist for that category, which then never reaches it.</summary>
    internal sealed record ByCategory(IReadOnlyList<Node?> Variants) : Node;

    /// <summary>Says what decided the text within.</summary>
    internal sealed record Marked(Node Inner, Part Part) : Node;
}
