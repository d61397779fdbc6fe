using System.Globalization;

namespace LoraCollab.Cli.Repeats;

/// <summary>Seeds as people write them: "1-3" or "1,2,3".</summary>
internal static class SeedList
{
    private const int Most = 1000;

    /// <param name="text">What --seeds gives.</param>
    /// <exception cref="UserException">Anything else, or a seed twice.</exception>
    public static IReadOnlyList<ulong> Parse(string text)
    {
        var seeds = new List<ulong>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out ulong first) || !Number(ends[^1], out ulong last) || last < first || last - first >= Most)
                throw new UserException($"--seeds '{text}': expected seeds such as 1,2,3 or 1-3");
            for (ulong seed = first; seed <= last; seed++) seeds.Add(seed);
        }
        if (seeds.Distinct().Count() != seeds.Count) throw new UserException($"--seeds '{text}': a seed is there twice");
        return seeds;
    }

    /// <summary>One number: how many seeds, from 1 on.</summary>
    /// <exception cref="OptionException">None, or more than anyone runs.</exception>
    public static int Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= Most
        ? count
        : throw new OptionException("seeds", $"'{text}'", $"expected a whole number from 1 to {Most}");

    private static bool Number(string text, out ulong seed) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
}
