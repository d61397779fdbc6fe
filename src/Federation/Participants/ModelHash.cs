using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Federation.Participants;

/// <summary>SHA-256 of a model: its configuration, then every tensor's name and float32 values in the order of its layout.</summary>
public static class ModelHash
{
    /// <summary>Lower-case hexadecimal digits.</summary>
    public static string Of(IWeights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(RunJson.Canonical(weights.Config)));
        var layout = weights.Config.Layout();
        var buffer = new float[layout.Entries.Max(e => e.Length)];
        foreach (var entry in layout.Entries)
        {
            var values = buffer.AsSpan(0, (int)entry.Length);
            weights.Read(entry.Name, values);
            hash.AppendData(Encoding.UTF8.GetBytes(entry.Name));
            hash.AppendData(MemoryMarshal.AsBytes(values));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
