using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace LoraCollab.Data.Tokenization;

/// <summary>
/// Byte-level BPE as GPT-2's (its files: <see cref="Gpt2Files"/>). Words come from <see cref="Gpt2Splitter"/>, are merged by Microsoft.ML.Tokenizers and
/// remembered: text repeats its words.
/// </summary>
public sealed class Gpt2Tokenizer : ITokenizer
{
    private const int LongestRemembered = 64, LongestForLibrary = 512, MostRemembered = 1 << 17;

    private readonly Gpt2Vocabulary _vocabulary;
    private readonly BpeTokenizer _library;
    private readonly Lazy<WordMerger> _merger;
    private readonly byte[][] _bytes;
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _wordsBySpan;
    private readonly Lazy<string> _hash;

    internal Gpt2Tokenizer(Gpt2Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _library = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids)
        {
            Merges = vocabulary.Merges.Select(m => m.Left + " " + m.Right),
            ByteLevel = true,
        });
        _merger = new(() => new WordMerger(vocabulary));
        _bytes = [.. vocabulary.Tokens.Select(vocabulary.BytesOf)];
        _wordsBySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        _hash = new(vocabulary.Hash);
        EndOfText = vocabulary.EndOfText is { } end ? vocabulary.Ids[end] : null;
    }

    public string Kind => "gpt2";
    public int VocabularySize => _bytes.Length;
    public int? EndOfText { get; }
    public string Hash => _hash.Value;

    public int[] Encode(string text)
    {
        text = WithoutHalfPairs(text);
        if (_vocabulary.AddPrefixSpace && text.Length > 0 && text[0] != ' ') text = " " + text;
        var ids = new List<int>(text.Length / 3 + 8);
        foreach (ReadOnlySpan<char> word in new Gpt2Splitter(text))
        {
            if (!_wordsBySpan.TryGetValue(word, out int[]? merged)) merged = Merge(word);
            ids.AddRange(merged.AsSpan());
        }
        return [.. ids];
    }

    public ReadOnlySpan<byte> Bytes(int id) =>
        (uint)id < (uint)_bytes.Length ? _bytes[id]
        : throw new UserException(
            $"token id {id} is beyond the vocabulary of {_bytes.Length} tokens; use the tokenizer that made it");

    public void Save(string folder) => _vocabulary.Save(folder);

    private int[] Merge(ReadOnlySpan<char> word)
    {
        int[] ids = word.Length > LongestForLibrary
            ? MergeByHeap(word)
            : [.. _library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false)];
        // The bound is soft: a few threads may pass it at once. Which words are remembered changes the time, never the ids.
        if (word.Length <= LongestRemembered && _words.Count < MostRemembered) _words.TryAdd(word.ToString(), ids);
        return ids;
    }

    internal int[] MergeByHeap(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        return _merger.Value.Encode(bytes);
    }

    private static string WithoutHalfPairs(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        var whole = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) whole.Append(rune.ToString());
        return whole.ToString();
    }
}
