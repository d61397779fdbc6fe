using System.Text.Json;

namespace LoraCollab.Data.Tokenization;

/// <summary>
/// Hugging Face's tokenizer.json, as far as it is GPT-2's scheme: byte-level BPE, words cut by GPT-2's pattern, nothing done to the text before and nothing
/// put around the tokens after. Everything else in it is refused by name.
/// </summary>
/// <param name="Tokens">The vocabulary and the merges of its model.</param>
/// <param name="AddPrefixSpace">Whether a blank is put before a text.</param>
/// <param name="Added">Tokens beside the model's.</param>
internal sealed record FastTokenizerFile(TokenTable Tokens, bool AddPrefixSpace, IReadOnlyList<AddedToken> Added)
{
    public const string FileName = "tokenizer.json";

    private const string ChangesTokens = "the tokens";

    /// <exception cref="UserException">The file is unreadable, or anything but byte-level BPE as GPT-2's.</exception>
    public static FastTokenizerFile Read(string path)
    {
        var json = HfJson.Read(path);
        if (json.Text("version") is { } version && version != "1.0")
            throw new UserException($"{path}: version is {ForeignText.Quoted(version)}, expected '1.0'");
        foreach (string key in new[] { "normalizer", "truncation", "padding" }) json.Refuse(key, ChangesTokens);
        json.RefuseOthers("version", "added_tokens", "pre_tokenizer", "post_processor", "decoder", "model");
        var words = ByteLevel(json, "pre_tokenizer")
            ?? throw new UserException($"{path}: the key pre_tokenizer is missing, expected one of the type 'ByteLevel'");
        if (!words.Flag("use_regex", true)) throw new UserException($"{words.Path}: use_regex = false is not supported: words are cut by GPT-2's pattern");
        ByteLevel(json, "post_processor");
        ByteLevel(json, "decoder");
        var added = json.Objects("added_tokens").Select(t => AddedToken.Of(t, t.Int("id"))).ToArray();
        bool prefix = words.Flag("add_prefix_space") ?? throw new UserException($"{words.Path}: the key add_prefix_space is missing");
        return new FastTokenizerFile(Model(json), prefix, added);
    }

    private static HfJson? ByteLevel(HfJson json, string key)
    {
        if (json.Object(key) is not { } part) return null;
        if (part.Text("type") is var type && type != "ByteLevel")
            throw new UserException($"{part.Path}: the type is {ForeignText.Quoted(type)}; this program knows 'ByteLevel' alone, as GPT-2's tokenizer has it");
        part.RefuseOthers("type", "add_prefix_space", "trim_offsets", "use_regex");
        return part;
    }

    private static TokenTable Model(HfJson json)
    {
        var model = json.Object("model") ?? throw new UserException($"{json.Path}: the key model is missing");
        if (model.Text("type") is { } type && type != "BPE")
            throw new UserException($"{model.Path}: the type is {ForeignText.Quoted(type)}; this program knows 'BPE' alone");
        if (model.Number("dropout", 0) != 0)
            throw new UserException($"{model.Path}: dropout = {model.Number("dropout")} is not supported: it would make the tokens random");
        foreach (string key in new[] { "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges" })
            model.Refuse(key, ChangesTokens);
        // An unknown token has no effect: the vocabulary holds all 256 bytes.
        model.RefuseOthers("type", "dropout", "unk_token", "vocab", "merges");
        var tokens = new TokenTable(json.Path);
        tokens.AddTokens(model.Object("vocab") ?? throw new UserException($"{model.Path}: the key vocab is missing"));
        if (model.Find("merges") is not { } merges) throw new UserException($"{model.Path}: the key merges is missing");
        if (merges.ValueKind != JsonValueKind.Array) throw model.Unexpected("merges", merges, "a list of merges");
        int rank = 0;
        foreach (var merge in merges.EnumerateArray())
        {
            int at = rank++;
            string Place() => $"{model.Path}: merges[{at}]";
            var (left, right) = Pair(merge)
                ?? throw new UserException($"{Place()}: expected two tokens, \"a b\" or [\"a\", \"b\"], found {ForeignText.Name(merge.GetRawText())}");
            tokens.AddMerge(left, right, Place);
        }
        return tokens;
    }

    /// <summary>"a b", or ["a", "b"] as later versions write.</summary>
    private static (string, string)? Pair(JsonElement merge) => merge.ValueKind switch
    {
        JsonValueKind.String => MergesFile.Pair(merge.GetString()!),
        JsonValueKind.Array when merge.GetArrayLength() == 2 && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String =>
            (merge[0].GetString()!, merge[1].GetString()!),
        _ => null,
    };
}
