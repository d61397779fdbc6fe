using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Data.Files;

/// <summary>An indented JSON object whose last key is the SHA-256 of everything before it, so that one wrong bit anywhere in the file is noticed.</summary>
public static class SealedJson
{
    private const string Key = ",\n  \"sha256\": \"", End = "\n}\n";

    /// <param name="json">An object of at least one key, its closing brace on a line of its own.</param>
    public static string Seal(string json) => Sealed(json[..json.LastIndexOf('}')].TrimEnd());

    /// <summary>The JSON without its seal; null where the text carries none.</summary>
    /// <exception cref="UserException">The seal is of another text.</exception>
    public static string? Open(string origin, string text)
    {
        int end = text.LastIndexOf(Key, StringComparison.Ordinal);
        if (end < 0) return null;
        string body = text[..end];
        return Sealed(body) == text ? body + End : throw new UserException($"{origin}: damaged: its text is not the one whose SHA-256 stands at its end");
    }

    private static string Sealed(string body) => $"{body}{Key}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\"{End}";
}
