using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace LoraCollab.Data.Tokenization;

/// <summary>What GPT-2's tokenizer is made of, checked: the token of every id, written in <see cref="ByteSymbols"/>, the merges in order of rank, and what
/// is done beside them.</summary>
internal sealed class Gpt2Vocabulary
{
    public const string EndOfTextToken = "<|endoftext|>";

    // The bytes and what merges make of them: every token but the special ones, such as <|endoftext|> and [PAD].
    private readonly HashSet<string> _made;

    public string[] Tokens { get; }
    public (string Left, string Right)[] Merges { get; }
    public Dictionary<string, int> Ids { get; }

    /// <summary>The token that ends a text; null where the vocabulary has none.</summary>
    public string? EndOfText { get; }

    /// <summary>Whether a blank is put before a text that begins with none.</summary>
    public bool AddPrefixSpace { get; init; }

    /// <param name="tokens">the token of every id</param>
    /// <param name="merges">pairs in order of rank, each once and of these tokens</param>
    /// <param name="source">named in errors</param>
    /// <param name="special">tokens that no merge makes and that are known to be special; others are known by their brackets</param>
    /// <param name="endOfText">the token that ends a text; null: &lt;|endoftext|&gt;, where the vocabulary has it</param>
    public Gpt2Vocabulary(string[] tokens, (string Left, string Right)[] merges, string source, IReadOnlySet<string>? special = null, string? endOfText = null)
    {
        Tokens = tokens;
        Merges = merges;
        Ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++) Ids[tokens[id]] = id;
        EndOfText = endOfText ?? (Ids.ContainsKey(EndOfTextToken) ? EndOfTextToken : null);
        _made = [.. ByteSymbols.InIdOrder.Select(b => ByteSymbols.Symbol(b).ToString()), .. merges.Select(m => m.Left + m.Right)];
        Check(source, special);
    }

    private void Check(string source, IReadOnlySet<string>? special)
    {
        for (int b = 0; b < 256; b++)
            if (!Ids.ContainsKey(ByteSymbols.Symbol((byte)b).ToString()))
                throw new UserException($"{source}: the vocabulary has no token for byte 0x{b:X2}; a byte-level vocabulary as GPT-2's holds all 256 bytes");
        string[] orphans = [.. Tokens.Where(t => !_made.Contains(t) && !LooksSpecial(t) && special?.Contains(t) is not true)];
        if (orphans.Length > 0)
            throw new UserException($"{source}: no merge makes {orphans.Length} of {Tokens.Length} tokens, such as {ForeignText.Quoted(orphans[0])}; the "
                + "merges are truncated or belong to another tokenizer");
    }

    /// <summary>The bytes a token stands for: of a special token, which no merge makes, its own name.</summary>
    public byte[] BytesOf(string token) => _made.Contains(token) && ByteSymbols.TryBytes(token) is { } bytes ? bytes : Encoding.UTF8.GetBytes(token);

    private static bool LooksSpecial(string token) => token.Length > 2 && ((token[0] == '<' && token[^1] == '>') || (token[0] == '[' && token[^1] == ']'));

    /// <summary>Whether the two files of <see cref="Save"/> say all: there is nothing that a reader would have to be told.</summary>
    private bool IsPlain => !AddPrefixSpace && EndOfText == (Ids.ContainsKey(EndOfTextToken) ? EndOfTextToken : null) && Unmade.All(LooksSpecial);

    private IEnumerable<string> Unmade => Tokens.Where(t => !_made.Contains(t));

    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        foreach (string token in Tokens) Append(token);
        foreach (var (left, right) in Merges) Append(left + " " + right);
        if (AddPrefixSpace) Append("add_prefix_space");
        if (EndOfText is { } end && end != EndOfTextToken) Append("eos_token " + end);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>vocab.json and merges.txt, and tokenizer_config.json where those two do not say all.</summary>
    public void Save(string folder)
    {
        var json = new StringBuilder("{");
        for (int id = 0; id < Tokens.Length; id++) json.Append(id == 0 ? "" : ", ").Append(Quoted(Tokens[id])).Append(": ").Append(id);
        AtomicFile.WriteText(Path.Combine(folder, "vocab.json"), json.Append("}\n").ToString());
        MergesFile.Write(Path.Combine(folder, "merges.txt"), Merges);
        if (IsPlain) return;
        string added = string.Join(", ", Unmade.Select(t => $"\"{Ids[t]}\": {{\"content\": {Quoted(t)}, \"special\": true}}"));
        AtomicFile.WriteText(Path.Combine(folder, TokenizerConfig.FileName), $"{{\"tokenizer_class\": \"GPT2Tokenizer\", \"add_prefix_space\": "
            + $"{(AddPrefixSpace ? "true" : "false")}, "
            + $"\"eos_token\": {(EndOfText is { } end ? Quoted(end) : "null")}, \"added_tokens_decoder\": {{{added}}}}}\n");
    }

    private static string Quoted(string token) => '"' + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(token) + '"';
}
