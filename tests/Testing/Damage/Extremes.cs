using System.Text;

namespace LoraCollab.Testing.Damage;

/// <summary>Values that readers forget.</summary>
internal static class Extremes
{
    /// <summary>In the place of a number.</summary>
    public static readonly string[] Numbers =
    [
        "-1", "0", "1", "2", "1000000", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808",
            "18446744073709551616",
        "1e308", "-1e308", "1e999", "1e-320", "0.5", "NaN", "\"NaN\"", "\"Infinity\"", "Infinity", "-0", "007", "0x10", new('9', 400), "1."
            + new string('3', 400),
    ];

    /// <summary>In the place of any JSON value.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "[]", "{}", "\"\"", "\" \"", "[null]", "{\"a\":null}", "[[]]", "[1,2,3]", "[\"a\"]", "\"\\ud83d\"", "\"\\udc00 low\"",
            "\"a\\u0000b\"",
        "\"\\u001b[31mred\"", "\"two\\nlines\"", "\"../../../etc/passwd\"", "\"/etc/passwd\"", "\"a/b\"", "\"client_0\"", "\"\\u202eabc\"", "\"🎉\"",
        '"' + new string('x', 20_000) + '"', new string('[', 60) + new string(']', 60), new string('[', 10_000) + new string(']', 10_000),
        string.Concat(Enumerable.Repeat("{\"a\":", 2000)) + "1" + new string('}', 2000), "[" + string.Join(',', Enumerable.Repeat("0", 3000)) + "]",
    ];

    /// <summary>Anywhere.</summary>
    public static readonly byte[][] Bytes =
    [
        [0], [0, 0, 0, 0], [0xFF], [0xFF, 0xFE], [0xEF, 0xBB, 0xBF], [0xC0, 0x80], [0xED, 0xA0, 0xBD], [0xF4, 0x90, 0x80, 0x80], [0x1B, (byte)'[',
            (byte)'3', (byte)'1', (byte)'m'],
        [0x1B, (byte)']', (byte)'0', (byte)';', (byte)'x', 7], [(byte)'\r'], [(byte)'\n'], [(byte)'\n', (byte)'\n'], [0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xAE],
            [(byte)'"'], [(byte)'\\'],
        [0x7F, 0xC0, 0, 0], [0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0x80], [0, 0, 0, 0, 0, 0, 0xF8, 0x7F], [0x1F, 0x8B],
            "<|endoftext|>"u8.ToArray(),
        "\n<|endoftext|>\n"u8.ToArray(), "<doc a>"u8.ToArray(), "</doc>"u8.ToArray(), Encoding.UTF8.GetBytes("🎉"),
    ];

    public static T Any<T>(this Random random, IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
