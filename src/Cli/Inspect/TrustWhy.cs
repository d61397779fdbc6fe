namespace LoraCollab.Cli.Inspect;

/// <summary>A score taken apart, as table, JSON and picture.</summary>
/// <param name="Found">What was taken apart.</param>
/// <param name="Labels">[N]: what the clients are called.</param>
/// <param name="Tokenizer">Reads the text of parts.</param>
internal sealed record TrustWhy(TrustExplanation Found, IReadOnlyList<string> Labels, ITokenizer Tokenizer)
{
    private TrustExplanationTable Table => new(Found, Labels, Tokenizer);

    public void Write(Terminal terminal, int top) => Table.Write(terminal, top);

    /// <summary>Every part; numbers that are not finite are null.</summary>
    public object Json() => new
    {
        scheme = Found.Scheme,
        iteration = Found.Iteration,
        round = Found.Round,
        client = Found.Client,
        peer = Found.Peer,
        weight = Found.Weights[Found.Peer],
        rank = Found.Rank,
        score = Found.Score,
        sum = Found.Total,
        offset = Found.Offset,
        meaning = Found.Meaning,
        kind = Found.Kind,
        parts = Found.Parts.Select(p => new
        {
            name = p.Name,
            adds = p.Contribution,
            values = Found.Columns.Zip(p.Values, (c, v) => (c, v)).ToDictionary(x => x.c.Replace(' ', '_'), x => double.IsFinite(x.v) ? x.v : (double?)null),
            text = p.Tokens.Count > 0 ? Tokenizer.Decode([.. p.Tokens]) : null,
            next = p.Next is { } id ? Tokenizer.Decode([id]) : null,
            moves = p.Moves.Select(m => new { token = Token(m.Id), id = m.Id, own = m.Own, peer = m.Peer }),
        }),
    };

    /// <summary>null for an id that the model has a row for and the tokenizer no token.</summary>
    private string? Token(int id) => id < Tokenizer.VocabularySize ? Tokenizer.Decode([id]) : null;

    /// <summary>trust-SCHEME-I-J.png and .svg in a folder: the most important parts, and below them the sum.</summary>
    public void Draw(string folder, int top)
    {
        var (i, j) = (Found.Client, Found.Peer);
        bool beside = Found.Columns.Contains("beside own");
        var shown = Found.Parts.Take(top).Select(p => ($"{p.Name}  {Table.Text(p)}".TrimEnd(), p.Importance)).ToArray();
        double offset = beside ? 0 : Found.Offset, rest = Found.Parts.Skip(top).Sum(p => p.Importance), sum = Found.Parts.Sum(p => p.Importance) + offset;
        string note = $"these {shown.Length}: {Format.Fixed(sum - rest - offset, 4)}"
            + (shown.Length < Found.Parts.Count ? $", {Found.Parts.Count - shown.Length} more: {Format.Fixed(rest, 4)}" : "")
            + (offset != 0 ? $", offset: {Format.Fixed(offset, 4)}" : "")
            + $"; together the score{(beside ? $" of client {j} less client {i}'s own" : "")}: {Format.Fixed(Math.Abs(sum) < 5e-5 ? 0 : sum, 4)}";
        ContributionPicture.Save(Path.Combine(folder, $"trust-{Found.Scheme}-{i}-{j}"),
            $"{Found.Scheme}, iteration {Found.Iteration}: how client {i} ({Labels[i]}) sees client {j} ({Labels[j]})",
            beside ? $"beside own: how much better client {j}'s model reads the {Found.Kind}" : "adds to the score", shown, note);
    }
}
