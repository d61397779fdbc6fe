using System.Text;
using System.Text.Unicode;

namespace LoraCollab.Data.Files;

/// <summary>
/// Reads text files as they are: UTF-8 is checked, and nothing is normalised (no line ends, no byte order mark). Packed by gzip they are unpacked.
/// </summary>
public static class TextFile
{
    private const long Most = 1L << 30;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UserException">The file is missing, not an ordinary file, cannot be read, is larger than 1 GiB, or is not UTF-8.</exception>
    public static string Read(string path) => Strictly(path, Bytes(path));

    /// <summary>Bytes of a file as text.</summary>
    /// <exception cref="UserException">They are not UTF-8.</exception>
    internal static string Strictly(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            int wrong = e.BytesUnknown is { Length: > 0 } unknown ? unknown[0] : 0;
            throw new UserException($"{path}: not UTF-8 text (the first wrong byte is 0x{wrong:X2}, near byte {e.Index}); convert it to UTF-8", e);
        }
    }

    /// <summary>As <see cref="Read"/>, but a file without a single character that prints is an error, and a byte order mark is left out.</summary>
    /// <exception cref="UserException">as for Read, or the file is empty</exception>
    public static string ReadContent(string path)
    {
        string text = Read(path);
        if (string.IsNullOrWhiteSpace(text)) throw new UserException($"{path}: the file is empty");
        return WithoutMark(text);
    }

    /// <summary>The bytes of the text, unpacked and unchecked.</summary>
    /// <exception cref="UserException">As for <see cref="Read"/>, but for UTF-8.</exception>
    internal static byte[] Bytes(string path) => PackedText.Unpack(path, OrdinaryFile.ReadAllBytes(path, Most), Most);

    /// <summary>The text without a byte order mark, wrong bytes as U+FFFD; and whether there were any.</summary>
    internal static (string Text, bool IsMended) Mended(ReadOnlySpan<byte> bytes) => (WithoutMark(Encoding.UTF8.GetString(bytes)), !Utf8.IsValid(bytes));

    /// <summary>A text without the byte order mark that it may begin with.</summary>
    public static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;
}
