using System.Text;

namespace LoraCollab.Data.Corpus.Generated.Grammar;

/// <summary>A text and, in order, where each of its pieces ends and what decided it.</summary>
internal sealed record WrittenText(string Text, IReadOnlyList<(int End, Part Part)> Spans);

/// <summary>Draws a text from a grammar.</summary>
internal static class Writer
{
    public static WrittenText Write(Node root, int category, Draws draws)
    {
        var text = new StringBuilder();
        var spans = new List<(int, Part)>();
        Append(root, Part.Grammar);
        return new WrittenText(text.ToString(), spans);

        void Append(Node node, Part part)
        {
            switch (node)
            {
                case Node.Literal literal:
                    text.Append(literal.Text);
                    spans.Add((text.Length, part));
                    break;
                case Node.Sequence sequence:
                    foreach (var item in sequence.Items) Append(item, part);
                    break;
                case Node.Choice choice:
                    Append(choice.Options[Pick(choice.Cumulative, draws.Unit())], part);
                    break;
                case Node.ByCategory byCategory:
                    Append(byCategory.Variants[category]!, part);
                    break;
                case Node.Marked marked:
                    Append(marked.Inner, marked.Part);
                    break;
            }
        }
    }

    /// <summary>The first option whose cumulative probability is above u ∈ [0, 1).</summary>
    private static int Pick(double[] cumulative, double u)
    {
        int low = 0, high = cumulative.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (cumulative[middle] > u) high = middle; else low = middle + 1;
        }
        return low;
    }
}
