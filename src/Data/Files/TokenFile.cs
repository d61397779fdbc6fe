using System.Buffers.Binary;

namespace LoraCollab.Data.Files;

/// <summary>
/// Token ids on disk. Layout, little-endian: "LCTOKENS", version 1 (int32), vocabulary size (int32), bytes per token, 2 or 4 (int32), zero (int32), number of
/// tokens (int64), SHA-256 of the tokenizer (32 bytes), the ids.
/// </summary>
/// <param name="Tokens">the ids</param>
/// <param name="VocabularySize">every id is below it</param>
/// <param name="TokenizerHash"><see cref="ITokenizer.Hash"/> of the tokenizer that made them</param>
public sealed record TokenFile(int[] Tokens, int VocabularySize, string TokenizerHash)
{
    private const int HeaderSize = 64, Version = 1;
    private static ReadOnlySpan<byte> Magic => "LCTOKENS"u8;

    public static void Write(string path, TokenFile file)
    {
        int width = file.VocabularySize <= ushort.MaxValue + 1 ? 2 : 4;
        var bytes = new byte[HeaderSize + (long)width * file.Tokens.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), file.VocabularySize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), file.Tokens.Length);
        Convert.FromHexString(file.TokenizerHash).AsSpan(0, 32).CopyTo(bytes.AsSpan(32));
        Span<byte> body = bytes.AsSpan(HeaderSize);
        for (int i = 0; i < file.Tokens.Length; i++)
        {
            CheckId(path, file.Tokens[i], i, file.VocabularySize);
            if (width == 2) BinaryPrimitives.WriteUInt16LittleEndian(body[(2 * i)..], (ushort)file.Tokens[i]);
            else BinaryPrimitives.WriteInt32LittleEndian(body[(4 * i)..], file.Tokens[i]);
        }
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <exception cref="UserException">missing, truncated, foreign, or an id beyond the vocabulary</exception>
    public static TokenFile Read(string path) => ForeignBytes.Read(path, "a token file of this program", () =>
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.StartsWith(Magic))
            throw new UserException($"{path}: not a token file of this program (it starts otherwise or is shorter than its header)");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]), vocabulary = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        int width = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        long count = BinaryPrimitives.ReadInt64LittleEndian(header[24..]);
        if (version != Version || vocabulary < 1 || width is not (2 or 4))
            throw new UserException(
                $"{path}: a header of version {version}, vocabulary {vocabulary} and {width} bytes per token is not one this program writes");
        // Before memory is asked for: what the header promises is what the file has.
        if (count < 0 || count > Array.MaxLength || file.Length != HeaderSize + count * width)
            throw new UserException($"{path}: the header promises {count} tokens of {width} bytes, {HeaderSize + (decimal)count * width} bytes in all, "
                + $"but the file has {file.Length}; it is truncated, prepare the data anew");
        return new TokenFile(ReadIds(file, path, (int)count, width, vocabulary), vocabulary, Convert.ToHexStringLower(header.Slice(32, 32)));
    });

    private static int[] ReadIds(FileStream file, string path, int count, int width, int vocabulary)
    {
        var tokens = new int[count];
        var buffer = new byte[Math.Min((long)count * width, 1 << 20)];
        for (int done = 0; done < count;)
        {
            int some = Math.Min(count - done, buffer.Length / width);
            file.ReadExactly(buffer, 0, some * width);
            for (int i = 0; i < some; i++)
            {
                var bytes = buffer.AsSpan(width * i);
                int id = width == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
                CheckId(path, id, done + i, vocabulary);
                tokens[done + i] = id;
            }
            done += some;
        }
        return tokens;
    }

    private static void CheckId(string path, int id, int index, int vocabulary)
    {
        if ((uint)id >= (uint)vocabulary) throw new UserException($"{path}: token {index} has id {id}, beyond the vocabulary of {vocabulary}");
    }
}
