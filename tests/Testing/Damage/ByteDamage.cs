namespace LoraCollab.Testing.Damage;

/// <summary>What happens to files whatever they hold: bits flip, parts are lost, doubled, mixed up with another file.</summary>
internal static class ByteDamage
{
    public static byte[] Of(byte[] bytes, byte[] other, Random random)
    {
        if (bytes.Length == 0) return [.. random.Any(Extremes.Bytes)];
        int at = random.Next(bytes.Length), end = at + Math.Min(bytes.Length - at, 1 + random.Next(random.Next(2) == 0 ? 8 : bytes.Length));
        switch (random.Next(12))
        {
            case 0 or 1:
                return Changed(bytes, b => b[at] ^= (byte)(1 << random.Next(8)));
            case 2:
                return bytes[..at];
            case 3:
                return bytes[at..];
            case 4 or 5:
                return [.. bytes[..at], .. random.Any(Extremes.Bytes), .. bytes[at..]];
            case 6:
                return [.. bytes[..at], .. bytes[end..]];
            case 7:
                return [.. bytes[..end], .. bytes[at..]];
            case 8:
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            case 9:
                return Changed(bytes, b => random.NextBytes(b.AsSpan(at..end)));
            case 10:
                byte[] extreme = random.Any(Extremes.Bytes);
                return Changed(bytes, b => extreme.AsSpan(0, Math.Min(extreme.Length, b.Length - at)).CopyTo(b.AsSpan(at)));
            default:
                return random.Next(20) switch
                {
                    0 => [],
                    1 => Repeated(bytes, at, end, random.Next(2) == 0 ? 1 << 20 : 1 << 14),
                    _ => Changed(bytes, b => b[at] = (byte)random.Next(256)),
                };
        }
    }

    /// <summary>A part again and again, up to so many bytes: the time a reader takes must follow the file's size.</summary>
    public static byte[] Repeated(byte[] bytes, int from, int to, int size)
    {
        byte[] part = bytes[from..to];
        var many = new byte[bytes.Length + part.Length * (size / part.Length)];
        bytes.AsSpan(0, to).CopyTo(many);
        int at = to;
        for (; at + part.Length <= many.Length - (bytes.Length - to); at += part.Length) part.CopyTo(many, at);
        bytes.AsSpan(to).CopyTo(many.AsSpan(at));
        return many[..(at + bytes.Length - to)];
    }

    private static byte[] Changed(byte[] bytes, Action<byte[]> change)
    {
        byte[] copy = [.. bytes];
        change(copy);
        return copy;
    }
}
