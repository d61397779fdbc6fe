using System.IO.Compression;

namespace LoraCollab.Data.Files;

/// <summary>Text by its content, whatever the file's ending: gzip is unpacked, other packed and binary kinds are refused by name with what to do.</summary>
internal static class PackedText
{
    /// <summary>A file unpacks to at most so many bytes, or so many times its size; text packs to a third or a tenth, and a bomb to a thousandth.</summary>
    private const int Always = 16 << 20, Times = 100;

    private static readonly (byte[] Start, string Name, string Advice)[] s_foreign =
    [
        ([0xFD, .. "7zXZ"u8, 0], "packed by xz", "unpack it first: xz -dk FILE"),
        ([0x28, 0xB5, 0x2F, 0xFD], "packed by zstd", "unpack it first: zstd -d FILE"),
        ([.. "BZh"u8], "packed by bzip2", "unpack it first: bzip2 -dk FILE"),
        ([.. "PK"u8, 3, 4], "a zip archive", "unpack it first: unzip FILE"),
        ([.. "7z"u8, 0xBC, 0xAF], "a 7z archive", "unpack it first: 7z x FILE"),
        ([.. "PAR1"u8], "Parquet",
            "write JSON lines of it first, as in Python: pandas.read_parquet('FILE').to_json('out.jsonl', orient='records', lines=True)"),
        ([.. "ARROW1"u8], "Arrow", "write JSON lines of it first, as Hugging Face's to_json does"),
        ([.. "%PDF-"u8], "PDF", "write its text to a file first: pdftotext FILE"),
        ([0xFF, 0xFE], "UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE"),
        ([0xFE, 0xFF], "UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE"),
        ([.. LfsPointer.Beginning], "a Git LFS pointer, not the file itself", "fetch it first: git lfs pull"),
    ];

    /// <summary>Endings that tell how a file is packed; what stands before them tells what it holds.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".gz", ".xz", ".zst", ".bz2"];

    /// <summary>A file's name without such an ending.</summary>
    public static string NameInside(string path)
    {
        string name = Path.GetFileName(path);
        return Endings.FirstOrDefault(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is { } ending ? name[..^ending.Length] : name;
    }

    /// <summary>The text's bytes.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="bytes">What the file holds; returned as they are where they are not packed.</param>
    /// <param name="most">More bytes than these are refused.</param>
    /// <exception cref="UserException">Damaged, too large, or of a kind that is not read.</exception>
    public static byte[] Unpack(string path, byte[] bytes, long most)
    {
        RequireText(path, bytes);
        return bytes is [0x1F, 0x8B, ..] ? Gunzip(path, bytes, (int)Math.Min(most, Math.Max(Always, (long)Times * bytes.Length))) : bytes;
    }

    /// <summary>Refuses a file by its first bytes.</summary>
    /// <exception cref="UserException">It is of a kind that is not read.</exception>
    public static void RequireText(string path)
    {
        Span<byte> start = stackalloc byte[64];
        using var file = File.OpenRead(path);
        RequireText(path, start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    private static void RequireText(string path, ReadOnlySpan<byte> bytes)
    {
        foreach (var (start, name, advice) in s_foreign)
            if (bytes.StartsWith(start))
                throw new UserException($"{path}: this is {name}, which is not read; {advice.Replace("FILE", Path.GetFileName(path))}");
    }

    /// <summary>
    /// Every member of a gzip file. The library takes a file that was cut off for a whole one, so that a member of our own is put behind the file: if its mark
    /// comes out at the end, all before it was whole.
    /// </summary>
    private static byte[] Gunzip(string path, byte[] bytes, int most)
    {
        byte[] mark = [.. "the end of the file"u8];
        using var packed = new MemoryStream();
        packed.Write(bytes);
        using (var end = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) end.Write(mark);
        packed.Position = 0;
        using var unpacked = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(packed, CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            for (int read; (read = gzip.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer, 0, read);
                if (unpacked.Length - mark.Length > most)
                    throw new UserException($"{path}: its {bytes.Length:N0} bytes unpack to more than {most:N0}, the most that is read of such a file; "
                        + "unpack and split it first");
            }
        }
        catch (InvalidDataException e)
        {
            throw new UserException($"{path}: damaged gzip; get the file again", e);
        }
        Span<byte> all = unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length);
        return all.EndsWith(mark) ? all[..^mark.Length].ToArray()
            : throw new UserException($"{path}: the gzip file is cut off, or something else stands behind it; get the file again");
    }
}

/// <summary>The few lines of text that Git LFS leaves in place of a large file until it is fetched.</summary>
public static class LfsPointer
{
    internal static ReadOnlySpan<byte> Beginning => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>Refuses a file that begins as a pointer does.</summary>
    /// <param name="path">For the message.</param>
    /// <param name="bytes">The file's beginning, or all of it.</param>
    /// <exception cref="UserException">It is one.</exception>
    public static void Refuse(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Beginning)) throw new UserException($"{path}: a Git LFS pointer in place of the file itself; fetch it with: git lfs pull");
    }
}
