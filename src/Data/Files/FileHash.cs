using System.Security.Cryptography;

namespace LoraCollab.Data.Files;

/// <summary>What a file held when it was written.</summary>
/// <param name="Bytes">Its length then; a log may have grown since.</param>
/// <param name="Sha256">Of those bytes, lower-case hexadecimal digits.</param>
public sealed record FileHash(long Bytes, string Sha256)
{
    /// <summary>The fault of a file that is not there.</summary>
    public const string Missing = "missing";

    private const int ChunkBytes = 1 << 20;

    public static FileHash Of(ReadOnlySpan<byte> bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static FileHash Of(string path) => Of(path, new FileInfo(path).Length);

    /// <summary>What is wrong with a file now, in words; null where nothing is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="grows">A log: what stands after the first <see cref="Bytes"/> does not matter.</param>
    public string? Fault(string path, bool grows = false)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) return Missing;
            if (grows ? info.Length < Bytes : info.Length != Bytes) return FormattableString.Invariant($"{info.Length:N0} bytes long, {Bytes:N0} were written");
            return Of(path, Bytes).Sha256 == Sha256 ? null : "damaged: its SHA-256 is not that of what was written";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    /// <summary>Of the first <paramref name="bytes"/> bytes of a file, which has that many.</summary>
    private static FileHash Of(string path, long bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] chunk = new byte[Math.Min(ChunkBytes, bytes)];
        for (long left = bytes; left > 0;)
        {
            int read = stream.Read(chunk, 0, (int)Math.Min(chunk.Length, left));
            if (read == 0) throw new EndOfStreamException($"{path}: the file became shorter while it was read");
            hash.AppendData(chunk, 0, read);
            left -= read;
        }
        return new FileHash(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
