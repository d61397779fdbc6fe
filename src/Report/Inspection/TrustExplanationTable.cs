using System.Globalization;
using Spectre.Console;

namespace LoraCollab.Report.Inspection;

/// <summary>
/// A score taken apart, for people: the most important parts with their text, what the others add together, and the sum beside what was logged.
/// </summary>
/// <param name="found">What was taken apart.</param>
/// <param name="labels">[N]: what the clients are called.</param>
/// <param name="tokenizer">Reads the text of parts.</param>
public sealed class TrustExplanationTable(TrustExplanation found, IReadOnlyList<string> labels, ITokenizer tokenizer)
{
    private const int WindowText = 40, PositionText = 23, MovesShown = 2, Decimals = 5;

    private bool IsPositions => found.Kind == "position";

    /// <summary>Who trusts whom how much, in a line or two.</summary>
    public IEnumerable<string> Headline()
    {
        var (i, j) = (found.Client, found.Peer);
        yield return $"{found.Scheme}, iteration {found.Iteration} (round {found.Round}): client {i} ({labels[i]}) gives client {j} ({labels[j]}) "
            + $"the weight {Fixed(found.Weights[j])}, rank {found.Rank} of {found.Weights.Length}; itself {Fixed(found.Weights[i])}.";
        yield return $"Score {Fixed(found.Score)}: {found.Meaning}.";
    }

    public void Write(Terminal terminal, int top)
    {
        foreach (string line in Headline()) terminal.Out.WriteLine(line);
        bool hasText = found.Parts.Any(p => p.Tokens.Count > 0);
        var table = new Table { Border = TableBorder.Simple };
        string[] text = hasText ? ["text"] : [], moves = IsPositions ? ["tokens that move (i → j)"] : [];
        table.AddColumns([IsPositions ? "window:position" : found.Kind, "adds", .. found.Columns, .. text, .. moves]);
        for (int c = 0; c < table.Columns.Count; c++)
            if (c > 0 && c <= 1 + found.Columns.Count) table.Columns[c].RightAligned().NoWrap();
        int empty = (hasText ? 1 : 0) + (IsPositions ? 1 : 0), sums = found.Columns.ToList().IndexOf("beside own");
        foreach (var part in found.Parts.Take(top))
            Row([part.Name, Fixed(part.Contribution), .. part.Values.Select(Fixed), .. text.Select(_ => Text(part)), .. moves.Select(_ => Moves(part))]);
        var rest = found.Parts.Skip(top).ToArray();
        if (rest.Length > 0) Sum($"{rest.Length} more", rest, rest.Sum(p => p.Contribution));
        if (found.Offset != 0) Sum("together", found.Parts, found.Total - found.Offset);
        if (found.Offset != 0) Sum("offset", [], found.Offset);
        Sum(found.Offset != 0 ? "score" : "sum", found.Offset != 0 ? [] : found.Parts, found.Total);
        terminal.Ansi.Write(table);
        if (found.Offset != 0) terminal.Out.WriteLine($"offset: {found.OffsetMeaning}.");
        if (sums >= 0)
            terminal.Out.WriteLine($"beside own: how much better client {found.Peer}'s model reads the {found.Kind} than client {found.Client}'s own, "
                + "in its part of the mean loss.");
        terminal.Out.WriteLine();

        void Sum(string name, IReadOnlyList<TrustPart> parts, double value) => Row([name, Fixed(value),
            .. found.Columns.Select((_, c) => c == sums && parts.Count > 0 ? Fixed(parts.Sum(p => p.Values[c])) : ""), .. Enumerable.Repeat("", empty)]);

        void Row(string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
    }

    /// <summary>The beginning of a window, or the last words before a position and the token that follows it.</summary>
    public string Text(TrustPart part)
    {
        if (part.Tokens.Count == 0) return "";
        string text = Shown(tokenizer.Decode([.. part.Tokens]));
        if (!IsPositions) return text.Length <= WindowText ? text : text[..WindowText] + "…";
        string next = part.Next is { } id ? Shown(tokenizer.Decode([id])) : "";
        return (text.Length <= PositionText ? text : "…" + text[^PositionText..]) + " | " + next.TrimStart();
    }

    private string Moves(TrustPart part) =>
        string.Join(", ", part.Moves.Take(MovesShown).Select(m => $"{Token(m.Id)} {Short(m.Own)}→{Short(m.Peer)}"));

    /// <summary>A model may expect ids that its tokenizer has no token for.</summary>
    private string Token(int id) => id < tokenizer.VocabularySize ? $"'{Shown(tokenizer.Decode([id]))}'" : $"(no token {id})";

    private static string Shown(string text) => string.Concat(text.Select(c => c == '\n' ? '⏎' : char.IsControl(c) ? '·' : c));

    private static string Short(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A sum that rounds to nothing has no sign.</summary>
    private static string Fixed(double value) => Format.Fixed(Math.Abs(value) < 0.5 * Math.Pow(10, -Decimals) ? 0 : value, Decimals);
}
