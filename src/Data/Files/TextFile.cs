using System.Text;

namespace LoraCollab.Data;

/// <summary>Reads text files byte by byte as they are: UTF-8 is checked, and nothing is normalised (no line ends, no byte order mark).</summary>
public static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UserException">the file is missing, cannot be read, is larger than 1 GiB, or is not UTF-8</exception>
    public static string Read(string path)
    {
        const long Most = 1L << 30;
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > Most) throw new UserException($"{path}: {info.Length:N0} bytes are more than the {Most:N0} that one text file may have; split it");
            return Strict.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException e)
        {
            throw new UserException($"{path}: not UTF-8 text (the first wrong byte is 0x{(e.BytesUnknown is { Length: > 0 } b ? b[0] : 0):X2}, near byte {e.Index}); convert it to UTF-8", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException(Directory.Exists(path) ? $"{path}: expected a file, found a folder" : $"{path}: there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {(Directory.Exists(path) ? "it is a folder" : e.Message)}", e);
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

    /// <summary>A text without the byte order mark that it may begin with.</summary>
    public static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;
}
