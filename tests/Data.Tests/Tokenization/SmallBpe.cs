using System.Text.Json;

namespace LoraCollab.Data.Tests;

/// <summary>A folder with the files of a small byte-level tokenizer: 256 bytes, "ab" (256), "Ġab" (257), "&lt;|endoftext|&gt;" (258).</summary>
internal sealed class SmallBpe : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static string[] Bytes { get; } = [.. ByteSymbols.InIdOrder.Select(b => ByteSymbols.Symbol(b).ToString())];

    public static string[] Tokens { get; } = [.. Bytes, "ab", "Ġab", "<|endoftext|>"];

    public static string[] Merges { get; } = ["a b", "Ġ ab"];

    public string Path => _folder.Path;

    public string At(string name) => _folder.At(name);

    public void Dispose() => _folder.Dispose();

    public SmallBpe File(string name, string text)
    {
        _folder.File(name, text);
        return this;
    }

    /// <summary>vocab.json and merges.txt.</summary>
    public SmallBpe Pair(string[]? tokens = null) => File("vocab.json", Vocabulary(tokens ?? Tokens)).File("merges.txt", "#version: 0.2\n"
        + string.Concat(Merges.Select(m => m + "\n")));

    /// <summary>tokenizer.json, with a part of it changed.</summary>
    public SmallBpe Fast(string? from = null, string? to = null)
    {
        string json = Json(Tokens, Merges, pairs: false);
        if (from is not null && !json.Contains(from, StringComparison.Ordinal)) throw new ArgumentException($"{from} is not in {json[..200]}");
        return File("tokenizer.json", from is null ? json : json.Replace(from, to, StringComparison.Ordinal));
    }

    public ITokenizer Load() => Data.Tokenization.Tokenizers.Load(Path);

    /// <summary>The message it is refused with, which must be one short line without names of .NET types.</summary>
    public string Refused()
    {
        string message = Assert.Throws<UserException>(() => Load()).Message;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("System.", message);
        Assert.InRange(message.Length, 1, ForeignText.LongestMessage + 10);
        return message;
    }

    public static string Vocabulary(IEnumerable<string> tokens) => JsonSerializer.Serialize(tokens.Select((token, id) => (token, id)).ToDictionary(p =>
        p.token, p => p.id));

    /// <summary>As Hugging Face's library writes it for GPT-2; merges as "a b", or as ["a", "b"] in later versions.</summary>
    public static string Json(IReadOnlyList<string> tokens, IEnumerable<string> merges, bool pairs) => $$"""
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": {{tokens.Count - 1}}, "special": true, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false,
             "normalized": true}],
         "normalizer": null,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
         "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false},
         "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
          "vocab": {{Vocabulary(tokens)}},
          "merges": {{(pairs ? JsonSerializer.Serialize(merges.Select(m => m.Split(' '))) : JsonSerializer.Serialize(merges))}}
         }
        }
        """;
}
