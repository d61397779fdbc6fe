using System.Text;

namespace LoraCollab.Data.Tests;

/// <summary>Seeded well-formed text from all over Unicode.</summary>
internal static class RandomText
{
    private static readonly (int First, int Last)[] Ranges =
        [(0x20, 0x7E), (0x20, 0x7E), (0x00, 0xFF), (0x20, 0x20), (0x09, 0x0D), (0x100, 0x24F), (0x370, 0x52F),
        (0x2000, 0x206F), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xE000, 0xFFFF),
        (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF), (0x10000, 0x10FFFF)];

    public static string Unicode(ulong seed, int number)
    {
        CounterRandom random = new CounterRandom(seed, RandomPurpose.GeneratedDocuments).At(number);
        var text = new StringBuilder();
        int length = random.Below(60, 0);
        for (int i = 1; i <= length; i++)
        {
            var (first, last) = Ranges[random.Below(Ranges.Length, 2 * i)];
            text.Append(new Rune(first + random.Below(last - first + 1, 2 * i + 1)).ToString());
        }
        return text.ToString();
    }
}
