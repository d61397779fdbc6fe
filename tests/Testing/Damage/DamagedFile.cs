namespace LoraCollab.Testing.Damage;

/// <summary>Makes wrong files of right ones: the same seed gives the same bytes.</summary>
public static class DamagedFile
{
    /// <summary>Files do not grow beyond this: readers are tried with much of the same, not with the disk's size.</summary>
    private const int Largest = 4 << 20;

    /// <summary>One to three damages, of the form's own kind or of its bytes.</summary>
    /// <param name="right">The file as it should be.</param>
    /// <param name="others">Right files of the same ending, to splice with.</param>
    /// <param name="seed">Of this one file.</param>
    public static byte[] Of(FileForm form, byte[] right, IReadOnlyList<byte[]> others, int seed)
    {
        var random = new Random(seed);
        byte[] bytes = right;
        for (int n = 1 + random.Next(3); n > 0 && bytes.Length <= Largest; n--)
            bytes = random.Next(4) == 0 ? ByteDamage.Of(bytes, others[random.Next(others.Count)], random) : Of(form, bytes, random);
        return bytes;
    }

    private static byte[] Of(FileForm form, byte[] bytes, Random random) => form switch
    {
        FileForm.Json => JsonDamage.Of(bytes, random),
        FileForm.JsonLines => random.Next(4) == 0 ? LineDamage.Of(bytes, random) : LineDamage.OfOne(bytes, random, line => JsonDamage.Of(line, random)),
        FileForm.Safetensors => SafetensorsDamage.Of(bytes, random),
        FileForm.Lines => LineDamage.Of(bytes, random),
        _ => ByteDamage.Of(bytes, bytes, random),
    };
}
