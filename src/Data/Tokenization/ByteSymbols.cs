namespace LoraCollab.Data.Tokenization;

/// <summary>
/// GPT-2's printable stand-ins for the 256 bytes, as they appear in vocab.json and merges.txt: bytes that print in Latin-1 stand for themselves, the 68 others
/// take U+0100, U+0101, ... in order of their value (a blank becomes 'Ġ').
/// </summary>
internal static class ByteSymbols
{
    /// <summary>The bytes in the order of GPT-2's ids 0 to 255: first those that stand for themselves, then the others.</summary>
    public static readonly byte[] InIdOrder = [.. Enumerable.Range(0, 256).OrderBy(b => !StandsForItself(b)).Select(b => (byte)b)];

    private static readonly char[] SymbolOfByte = BuildSymbols();
    private static readonly short[] ByteOfSymbol = BuildBytes();

    public static char Symbol(byte value) => SymbolOfByte[value];

    /// <summary>The byte a symbol stands for, or -1.</summary>
    public static int Byte(char symbol) => symbol < ByteOfSymbol.Length ? ByteOfSymbol[symbol] : -1;

    /// <summary>The bytes that a token's symbols stand for, or null where one is no symbol.</summary>
    public static byte[]? TryBytes(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int value = Byte(token[i]);
            if (value < 0) return null;
            bytes[i] = (byte)value;
        }
        return bytes;
    }

    private static bool StandsForItself(int b) => b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;

    private static char[] BuildSymbols()
    {
        var symbols = new char[256];
        char next = (char)256;
        for (int b = 0; b < 256; b++) symbols[b] = StandsForItself(b) ? (char)b : next++;
        return symbols;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[SymbolOfByte.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++) bytes[SymbolOfByte[b]] = (short)b;
        return bytes;
    }
}
