namespace LoraCollab.Cli.Explain;

/// <summary>One section of docs/kernels.md.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Summary">The sentence under it.</param>
/// <param name="Card">Formulas, shapes, cost and source, as the lines of the block at its head.</param>
/// <param name="Body">Everything after the card, in Markdown.</param>
internal sealed record OpSection(string Name, string Summary, IReadOnlyList<string> Card, string Body)
{
    private const int LabelWidth = 10;

    /// <summary>Ops as their observer is told of them: <c>layernorm_backward</c>. None of a section on mathematics that several share.</summary>
    public IReadOnlyList<string> Ops => Words("ops");

    /// <summary>Their methods: <c>LayerNormBackward</c>.</summary>
    public IReadOnlyList<string> Methods => Words("methods");

    /// <summary>The lines of the card under a label, without it.</summary>
    public IReadOnlyList<string> Field(string label)
    {
        int first = Card.ToList().FindIndex(line => line.StartsWith(label.PadRight(LabelWidth), StringComparison.Ordinal));
        if (first < 0) return [];
        return [.. Card.Skip(first).TakeWhile((line, i) => i == 0 || line.StartsWith(' ')).Select(line => line[LabelWidth..].Trim())];
    }

    private string[] Words(string label)
    {
        string[] words = string.Join(' ', Field(label)).Split(", ");
        return words.Any(w => w.Contains(' ')) || words is ["none"] ? [] : words;
    }
}
