namespace LoraCollab.Data.Tokenization;

/// <summary>
/// Text to token ids and back, exactly: for well-formed text Decode(Encode(text)) == text, but for the blank that a tokenizer with add_prefix_space puts before
/// a text. Half a surrogate pair has no UTF-8 form and becomes U+FFFD.
/// Safe to use from several threads.
/// </summary>
public interface ITokenizer
{
    /// <summary>"gpt2" (byte-level BPE in GPT-2's file format) or "characters".</summary>
    string Kind { get; }

    int VocabularySize { get; }

    /// <summary>The id that stands between documents, or null where the vocabulary has none.</summary>
    int? EndOfText { get; }

    /// <summary>SHA-256 (lower-case hex) of the vocabulary and the merges: equal hashes give equal ids.</summary>
    string Hash { get; }

    /// <summary>
    /// The ids of a text. A written-out "&lt;|endoftext|&gt;" is ordinary text here: only the corpora, which join documents, insert <see cref="EndOfText"/>.
    /// </summary>
    /// <exception cref="UserException">a character that the vocabulary does not have</exception>
    int[] Encode(string text);

    /// <summary>The UTF-8 bytes of one token, which may end within a character.</summary>
    /// <exception cref="UserException">an id beyond the vocabulary</exception>
    ReadOnlySpan<byte> Bytes(int id);

    /// <summary>The text of the ids; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="UserException">an id beyond the vocabulary</exception>
    string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (int id in ids) bytes.AddRange(Bytes(id));
        return System.Text.Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>Writes the tokenizer's files into a folder, which is created where it is missing; <see cref="Tokenizers.Load"/> reads them back.</summary>
    void Save(string folder);
}
