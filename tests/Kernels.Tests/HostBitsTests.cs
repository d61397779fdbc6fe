using System.Security.Cryptography;

namespace LoraCollab.Kernels.Tests;

/// <summary>
/// The host's results, to the bit, as recorded once: run under DOTNET_EnableAVX512=0 and DOTNET_EnableAVX2=0 the same digests show that no result depends on
/// the instruction set. Whoever adds a case or changes the order of a sum on purpose records the new digest, which the failure prints.
/// </summary>
public sealed class HostBitsTests
{
    public static TheoryData<string, string> Recorded => new()
    {
        { "matmul", "b83426c955d6092a" },
        { "layernorm", "d4c24d6a857be215" },
        { "attention", "e91852bb244adb91" },
        { "gelu", "c18101af6908005d" },
        { "embedding", "cfbb920eaf7dac9a" },
        { "dropout", "7029515ddd71852a" },
        { "classifier", "4ae5927a7d7233c1" },
        { "lora", "26a923c25032e964" },
        { "elementwise", "2d316299b1e8922a" },
        { "adamw", "ead37063e1e05611" },
    };

    [Theory, MemberData(nameof(Recorded))]
    public void TinyCasesOfAFamily_OnAnyInstructionSet_HaveTheRecordedBits(string family, string expected)
    {
        using var host = new HostBackend(2);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int cases = 0;
        foreach (var c in OpCases.Tiny.Where(c => c.Name.StartsWith(family, StringComparison.Ordinal)))
        {
            foreach (var (_, values) in c.Run(host))
                foreach (double value in values)
                    digest.AppendData(BitConverter.GetBytes((float)value));
            cases++;
        }
        Assert.NotEqual(0, cases);
        Assert.Equal(expected, Convert.ToHexStringLower(digest.GetHashAndReset())[..16]);
    }
}
