using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LoraCollab.Data.Tokenization;

/// <summary>One token a character (Unicode code point): the distinct characters of a text in order of their code points have the ids 0, 1, 2, ...</summary>
public sealed class CharacterTokenizer : ITokenizer
{
    internal const string FileName = "chars.json";

    private readonly Rune[] _characters;
    private readonly byte[][] _bytes;
    private readonly Dictionary<Rune, int> _ids = [];

    private CharacterTokenizer(Rune[] characters)
    {
        _characters = characters;
        _bytes = [.. characters.Select(c => Encoding.UTF8.GetBytes(c.ToString()))];
        for (int id = 0; id < characters.Length; id++) _ids.Add(characters[id], id);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("characters\n" + string.Concat(characters.Select(c => c.ToString())))));
    }

    public string Kind => "characters";
    public int VocabularySize => _characters.Length;
    public int? EndOfText => null;
    public string Hash { get; }

    /// <exception cref="UserException">the texts hold no character</exception>
    public static CharacterTokenizer FromTexts(params IEnumerable<string> texts)
    {
        var distinct = new HashSet<Rune>();
        foreach (string text in texts)
            foreach (Rune rune in text.EnumerateRunes())
                distinct.Add(rune);
        if (distinct.Count == 0) throw new UserException("a character tokenizer needs text to take its characters from, and the text is empty");
        return new([.. distinct.Order()]);
    }

    public int[] Encode(string text)
    {
        var ids = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!_ids.TryGetValue(rune, out int id))
                throw new UserException(
                    $"character {Name(rune)} at position {ids.Count + 1} is not among the {_characters.Length} of this character tokenizer; "
                    + "make one from text that holds it, or use a byte-level tokenizer");
            ids.Add(id);
        }
        return [.. ids];
    }

    public ReadOnlySpan<byte> Bytes(int id) =>
        (uint)id < (uint)_bytes.Length ? _bytes[id]
        : throw new UserException(
            $"token id {id} is beyond the vocabulary of {_bytes.Length} characters; use the tokenizer that made it");

    public void Save(string folder)
    {
        string characters = string.Join(", ", _characters.Select(c => '"' + JavaScriptEncoder.Default.Encode(c.ToString()) + '"'));
        AtomicFile.WriteText(Path.Combine(folder, FileName), $"{{\"kind\": \"characters\", \"characters\": [{characters}]}}\n");
    }

    /// <exception cref="UserException">the file is missing or is no list of distinct characters</exception>
    public static CharacterTokenizer Load(string path)
    {
        var json = HfJson.Read(path);
        const string Expected = "{\"kind\": \"characters\", \"characters\": [\"a\", ...]}";
        if (json.Text("kind") != "characters") throw new UserException($"{path}: expected {Expected}, found another kind");
        json.RefuseOthers("kind", "characters");
        if (json.Find("characters") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw new UserException($"{path}: expected {Expected}, found no characters");
        var characters = list.EnumerateArray().Select((c, i) => SingleCharacter(c) ?? throw new UserException(
            $"{path}: characters[{i}]: expected one character, found {ForeignText.Name(c.GetRawText())}")).ToArray();
        var seen = new HashSet<Rune>();
        if (characters.FirstOrDefault(c => !seen.Add(c)) is var twice && seen.Count < characters.Length)
            throw new UserException($"{path}: the character {Name(twice)} stands there twice");
        return new(characters);
    }

    private static Rune? SingleCharacter(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 } text
            && Rune.DecodeFromUtf16(text, out Rune rune, out int length) == System.Buffers.OperationStatus.Done && length == text.Length ? rune : null;

    private static string Name(Rune rune) => Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) ? $"U+{rune.Value:X4}" : $"'{rune}' (U+{rune.Value:X4})";
}
