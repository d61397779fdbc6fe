using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LoraCollab.Data;

/// <summary>The contents of GPT-2's two tokenizer files, checked: the token of every id, written in <see cref="ByteSymbols"/>, and the merges in order of rank.</summary>
internal sealed class Gpt2Vocabulary
{
    public const string EndOfTextToken = "<|endoftext|>";
    private const string MergesHeader = "#version: 0.2";

    // The bytes and what merges make of them: every token but the special ones, such as <|endoftext|> and [PAD].
    private readonly HashSet<string> _made;

    public string[] Tokens { get; }
    public (string Left, string Right)[] Merges { get; }
    public Dictionary<string, int> Ids { get; }

    /// <param name="tokens">the token of every id</param>
    /// <param name="merges">pairs in order of rank</param>
    /// <param name="source">named in errors</param>
    public Gpt2Vocabulary(string[] tokens, (string Left, string Right)[] merges, string source)
    {
        Tokens = tokens;
        Merges = merges;
        Ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++) Ids[tokens[id]] = id;
        _made = [.. ByteSymbols.InIdOrder.Select(b => ByteSymbols.Symbol(b).ToString()), .. merges.Select(m => m.Left + m.Right)];
        Check(source);
    }

    private void Check(string source)
    {
        for (int b = 0; b < 256; b++)
            if (!Ids.ContainsKey(ByteSymbols.Symbol((byte)b).ToString()))
                throw new UserException($"{source}: the vocabulary has no token for byte 0x{b:X2}; a byte-level vocabulary as GPT-2's holds all 256 bytes");
        for (int rank = 0; rank < Merges.Length; rank++)
        {
            var (left, right) = Merges[rank];
            string? missing = !Ids.ContainsKey(left) ? left : !Ids.ContainsKey(right) ? right : !Ids.ContainsKey(left + right) ? left + right : null;
            if (missing is not null)
                throw new UserException($"{source}: merge {rank + 1} ('{left} {right}') needs the token '{missing}', which the vocabulary lacks; take both files from one tokenizer");
        }
        string[] orphans = [.. Tokens.Where(t => !_made.Contains(t) && !LooksSpecial(t))];
        if (orphans.Length > 0)
            throw new UserException($"{source}: no merge makes {orphans.Length} of {Tokens.Length} tokens, such as '{orphans[0]}'; the merges file is truncated or belongs to another tokenizer");
    }

    /// <summary>The bytes a token stands for: of a special token, which no merge makes, its own name.</summary>
    public byte[] BytesOf(string token) => _made.Contains(token) && ByteSymbols.TryBytes(token) is { } bytes ? bytes : Encoding.UTF8.GetBytes(token);

    private static bool LooksSpecial(string token) => token.Length > 2 && ((token[0] == '<' && token[^1] == '>') || (token[0] == '[' && token[^1] == ']'));

    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string token in Tokens) hash.AppendData(Encoding.UTF8.GetBytes(token + "\n"));
        foreach (var (left, right) in Merges) hash.AppendData(Encoding.UTF8.GetBytes(left + " " + right + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static Gpt2Vocabulary Load(string vocabularyFile, string mergesFile) =>
        new(ReadTokens(vocabularyFile), ReadMerges(mergesFile), $"{vocabularyFile} with {Path.GetFileName(mergesFile)}");

    private static string[] ReadTokens(string path)
    {
        Dictionary<string, int> ids;
        try
        {
            ids = JsonSerializer.Deserialize<Dictionary<string, int>>(TextFile.Read(path)) ?? [];
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: expected a JSON object of tokens and their ids, found something else near line {e.LineNumber + 1} (truncated or a foreign file?)", e);
        }
        var tokens = new string[ids.Count];
        foreach (var (token, id) in ids)
        {
            if ((uint)id >= (uint)tokens.Length || tokens[id] is not null)
                throw new UserException($"{path}: {ids.Count} tokens must have the ids 0 to {ids.Count - 1}, each once, but '{token}' has id {id}");
            tokens[id] = token;
        }
        return tokens;
    }

    private static (string, string)[] ReadMerges(string path)
    {
        var merges = new List<(string, string)>();
        int number = 0;
        foreach (string line in TextFile.Read(path).Split('\n'))
        {
            number++;
            string merge = line.TrimEnd('\r');
            if (merge.Length == 0 || (number == 1 && merge.StartsWith("#version", StringComparison.Ordinal))) continue;
            int blank = merge.IndexOf(' ');
            if (blank <= 0 || blank == merge.Length - 1 || merge.IndexOf(' ', blank + 1) >= 0)
                throw new UserException($"{path}: line {number}: expected two tokens with a blank between them, found '{Excerpt(merge)}'");
            merges.Add((merge[..blank], merge[(blank + 1)..]));
        }
        return [.. merges];
    }

    private static string Excerpt(string text) => text.Length <= 40 ? text : text[..40] + "…";

    public void Save(string folder)
    {
        var json = new StringBuilder("{");
        for (int id = 0; id < Tokens.Length; id++)
            json.Append(id == 0 ? "" : ", ").Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Tokens[id])).Append("\": ").Append(id);
        AtomicFile.WriteText(Path.Combine(folder, "vocab.json"), json.Append("}\n").ToString());
        var merges = new StringBuilder(MergesHeader + "\n");
        foreach (var (left, right) in Merges) merges.Append(left).Append(' ').Append(right).Append('\n');
        AtomicFile.WriteText(Path.Combine(folder, "merges.txt"), merges.ToString());
    }
}
