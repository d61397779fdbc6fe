using System.Globalization;
using System.Text.Json;

namespace LoraCollab.Data.Tokenization;

/// <summary>
/// What stands beside a tokenizer's vocabulary: transformers' tokenizer_config.json, special_tokens_map.json and added_tokens.json, all of which may be
/// absent. A key that would change the tokens is honoured or refused by name.
/// </summary>
/// <param name="AddPrefixSpace">Whether a blank is put before a text; null where the files do not say.</param>
/// <param name="EndOfText">The token that ends a text, and the file that says so; null where the files do not say.</param>
/// <param name="Added">Tokens with their ids, and whether they are special; null where the files do not say.</param>
/// <param name="Named">Tokens that the files call special.</param>
internal sealed record TokenizerConfig(bool? AddPrefixSpace, (string Token, string Origin)? EndOfText, IReadOnlyList<AddedToken> Added,
    IReadOnlySet<string> Named)
{
    public const string FileName = "tokenizer_config.json";

    private const string ChangesTokens = "the tokens";

    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"];
    private static readonly string[] Lists = ["additional_special_tokens", "extra_special_tokens"];
    private static readonly string[] Families = ["GPT2Tokenizer", "GPT2TokenizerFast", "PreTrainedTokenizer", "PreTrainedTokenizerFast", "TokenizersBackend"];

    /// <summary>Keys of tokenizer_config.json that are read here.</summary>
    private static readonly string[] Understood = [.. Roles, .. Lists, "tokenizer_class", "errors", "add_prefix_space", "added_tokens_decoder"];

    /// <summary>Keys of tokenizer_config.json that leave the tokens of a whole text as they are.</summary>
    private static readonly string[] Harmless =
    [
        // Lengths and padding of batches, which this program cuts and fills by itself.
        "model_max_length", "max_len", "max_length", "stride", "padding_side", "truncation_side", "truncation_strategy", "truncation", "padding",
        "pad_to_multiple_of", "pad_token_type_id", "model_input_names",
        // How decoded text is tidied up, or where tokens begin and end in it.
        "clean_up_tokenization_spaces", "spaces_between_special_tokens", "trim_offsets",
        // Whether special tokens that are written out are text, as they always are here.
        "split_special_tokens",
        // Names of files and programs; what text is made of a conversation before it is tokens.
        "name_or_path", "special_tokens_map_file", "tokenizer_file", "vocab_file", "merges_file", "model_type", "processor_class", "use_fast", "backend",
        "is_local", "local_files_only", "transformers_version", "chat_template", "verbose",
    ];

    /// <summary>Reads what a folder has of the three files.</summary>
    /// <exception cref="UserException">A file is unreadable, another family's, or asks for what is not supported.</exception>
    public static TokenizerConfig Read(string folder)
    {
        HfJson? config = Find(folder, FileName), map = Find(folder, "special_tokens_map.json"), ids = Find(folder, "added_tokens.json");
        var named = new HashSet<string>(StringComparer.Ordinal);
        if (config is not null) Check(config);
        map?.RefuseOthers([.. Roles, .. Lists]);
        (string Token, string Origin)? end = null;
        foreach (var file in new[] { config, map }.OfType<HfJson>())
        {
            foreach (string role in Roles)
            {
                if (file.Find(role) is not { } value) continue;
                string token = Content(file, role, value);
                named.Add(token);
                if (role != "eos_token") continue;
                if (end is { } other && other.Token != token)
                    throw new UserException($"{file.Path}: eos_token is {ForeignText.Quoted(token)}, but {ForeignText.Quoted(other.Token)} in "
                        + $"{other.Origin}; make them one");
                end ??= (token, file.Path);
            }
            foreach (string list in Lists) named.UnionWith(Contents(file, list));
        }
        return new TokenizerConfig(config?.Flag("add_prefix_space"), end, [.. OfDecoder(config), .. OfFile(ids)], named);
    }

    private static HfJson? Find(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? HfJson.Read(path) : null;

    private static void Check(HfJson config)
    {
        if (config.Text("tokenizer_class") is { Length: > 0 } family && !Families.Contains(family))
            throw new UserException($"{config.Path}: tokenizer_class is {ForeignText.Quoted(family)}; this program reads byte-level BPE as GPT-2's "
                + $"({string.Join(", ", Families)})");
        if (config.Text("errors") is { Length: > 0 } errors && errors != "replace")
            throw new UserException($"{config.Path}: errors is {ForeignText.Quoted(errors)}, expected 'replace': bytes that are no UTF-8 are shown as "
                + "U+FFFD here");
        foreach (string key in new[] { "add_bos_token", "add_eos_token", "do_lower_case" }) config.Refuse(key, ChangesTokens);
        config.RefuseOthers([.. Understood, .. Harmless]);
    }

    /// <summary>A token as text, or as an object with its text and how it is found in a text.</summary>
    private static string Content(HfJson file, string key, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object when file.Object(key, value).Text("content") is { } content => content,
        _ => throw file.Unexpected(key, value, "a token"),
    };

    private static IEnumerable<string> Contents(HfJson file, string key) => file.Find(key) is not { } value ? [] : value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select(e => Content(file, key, e)),
        JsonValueKind.Object => file.Object(key, value).Members.Select(m => Content(file, key, m.Value)),
        _ => throw file.Unexpected(key, value, "a list of tokens"),
    };

    private static IEnumerable<AddedToken> OfDecoder(HfJson? config)
    {
        if (config?.Object("added_tokens_decoder") is not { } decoder) yield break;
        foreach (var (key, value) in decoder.Members)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw new UserException($"{decoder.Path}: {ForeignText.Quoted(key)} is no id, expected a whole number from 0 on");
            yield return AddedToken.Of(decoder.Object(key, value), id);
        }
    }

    private static IEnumerable<AddedToken> OfFile(HfJson? ids)
    {
        if (ids is null) return [];
        var table = new TokenTable(ids.Path);
        table.AddTokens(ids);
        return table.Ids.Select(p => new AddedToken(p.Key, p.Value, null, ids.Path));
    }
}

/// <summary>A token beside those that merges make.</summary>
/// <param name="Content">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether it stands for no text, as the end of a text; null where its file does not say.</param>
/// <param name="Origin">The file, and the key in it.</param>
internal sealed record AddedToken(string Content, int Id, bool? Special, string Origin)
{
    /// <summary>How a token is found in a text; nothing of a special token, which is never read out of a text here.</summary>
    private static readonly string[] Searching = ["single_word", "lstrip", "rstrip", "normalized"];

    /// <summary>Reads an object with "content" and "special".</summary>
    public static AddedToken Of(HfJson json, int id)
    {
        json.RefuseOthers(["id", "content", "special", "__type", .. Searching]);
        foreach (string key in Searching) json.Flag(key);
        string content = json.Text("content") ?? throw new UserException($"{json.Path}: the key content is missing");
        return new AddedToken(content, id, json.Flag("special", false), json.Path);
    }
}
