using System.Text.Json;

namespace LoraCollab.Data.Tokenization;

/// <summary>What a tokenizer's files say of tokens and merges, checked as it is read: every token once, every merge once and of known tokens.</summary>
/// <param name="source">The file, named in errors.</param>
internal sealed class TokenTable(string source)
{
    private readonly HashSet<(string, string)> _seen = [];

    public string Source => source;

    public Dictionary<string, int> Ids { get; } = new(StringComparer.Ordinal);

    /// <summary>In order of rank.</summary>
    public List<(string Left, string Right)> Merges { get; } = [];

    /// <summary>Tokens that stand for no text, such as the end of a text.</summary>
    public HashSet<string> Special { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a JSON object of tokens and their ids.</summary>
    /// <param name="vocabulary">The object.</param>
    /// <exception cref="UserException">A token stands twice, or its id is no whole number from 0 on.</exception>
    public void AddTokens(HfJson vocabulary)
    {
        foreach (var (token, value) in vocabulary.Members)
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int id) || id < 0)
                throw new UserException($"{vocabulary.Path}: the token {ForeignText.Quoted(token)} has the id {ForeignText.Name(value.GetRawText())}, "
                    + "expected a whole number from 0 on");
            if (!Ids.TryAdd(token, id)) throw new UserException($"{vocabulary.Path}: the token {ForeignText.Quoted(token)} stands there twice");
        }
    }

    /// <summary>Adds a special token, which may stand in the vocabulary already.</summary>
    /// <exception cref="UserException">The vocabulary gives it another id.</exception>
    public void AddSpecial(string token, int id, string origin)
    {
        Special.Add(token);
        if (!Ids.TryAdd(token, id) && Ids[token] != id)
            throw new UserException($"{origin}: the token {ForeignText.Quoted(token)} has the id {id}, but {Ids[token]} in {source}; take both files from "
                + "one tokenizer");
    }

    /// <summary>Adds the merge of the next rank.</summary>
    /// <param name="left">A token.</param>
    /// <param name="right">The token after it.</param>
    /// <param name="place">Where it stands in a file: "merges.txt: line 9".</param>
    /// <exception cref="UserException">It stands there already, or a token of it is not in the vocabulary.</exception>
    public void AddMerge(string left, string right, Func<string> place)
    {
        string? missing = !Ids.ContainsKey(left) ? left : !Ids.ContainsKey(right) ? right : !Ids.ContainsKey(left + right) ? left + right : null;
        if (missing is not null)
            throw new UserException($"{place()}: the merge {ForeignText.Quoted($"{left} {right}")} needs the token {ForeignText.Quoted(missing)}, "
                + "which the vocabulary lacks; take both files from one tokenizer");
        // Readers differ on which of two counts: in some the first one's rank, in some the last one's.
        if (!_seen.Add((left, right)))
            throw new UserException($"{place()}: the merge {ForeignText.Quoted($"{left} {right}")} stands there a second time; one of the two must go, and "
                + "which one changes the tokens");
        Merges.Add((left, right));
    }

    /// <summary>The token of every id.</summary>
    /// <exception cref="UserException">The ids are not 0 to n − 1, each once.</exception>
    public string[] InIdOrder()
    {
        var tokens = new string[Ids.Count];
        foreach (var (token, id) in Ids)
        {
            if (id >= tokens.Length || tokens[id] is not null)
                throw new UserException($"{source}: {tokens.Length} tokens must have the ids 0 to {tokens.Length - 1}, each once, but "
                    + $"{ForeignText.Quoted(token)} has id {id}");
            tokens[id] = token;
        }
        return tokens;
    }

    /// <summary>Refuses another table of the same folder that says something else.</summary>
    public void RequireSame(TokenTable other)
    {
        string? difference = Ids.Count != other.Ids.Count ? $"{Ids.Count} tokens and {other.Ids.Count}"
            : Ids.FirstOrDefault(p => !other.Ids.TryGetValue(p.Key, out int id) || id != p.Value) is { Key: { } token }
                ? $"the id of {ForeignText.Quoted(token)}"
            : Merges.Count != other.Merges.Count ? $"{Merges.Count} merges and {other.Merges.Count}"
            : Merges.Zip(other.Merges).FirstOrDefault(p => p.First != p.Second) is { First.Left: { } left } differs
                ? $"a merge, {ForeignText.Quoted($"{left} {differs.First.Right}")}"
            : null;
        if (difference is not null)
            throw new UserException($"{source} and {other.Source} differ ({difference}): they are not of one tokenizer; take away what does not belong to "
                + "the model");
    }
}
