namespace LoraCollab.Report.Tests;

public class ExperimentTableTests
{
    private static readonly string[] s_schemes = ["local", "fedavg", "theoretical", "weights", "validation", "prediction"];

    /// <summary>Of every seed local 1.0, fedavg a tenth above, validation a tenth below, the others now above, now below.</summary>
    private static IReadOnlyList<SetStatistics> Sets(int seeds, string? over = null, params string?[] values) => SetStatistics.Of(
    [
        .. values.Select((value, k) => new ExperimentSet("languages", "specific", "corrected", over, value,
            [.. Enumerable.Range(1, seeds).Select(s => (ulong)s)],
        [
            .. Enumerable.Range(1, seeds).Select(s => MadeUp.Run((ulong)s,
                [.. s_schemes.Select((scheme, m) => (scheme, new[] { 1.0, 1.2, 0.9 }.Select(x => x + k + Above(m, s)).ToArray()))])),
        ])),
    ]);

    private static double Above(int scheme, int seed) => scheme switch
    {
        0 => 0,
        1 => 0.1,
        4 => -0.1 - 0.001 * seed,
        _ => seed % 2 == 0 ? 0.02 : -0.02,
    };

    private static string[] Lines(Action<Terminal> write)
    {
        using var text = new StringWriter();
        write(Terminal.Plain(text));
        return [.. text.ToString().ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())];
    }

    [Fact]
    public void Table_FiveSeeds_HasIntervalsAndMarksWhatIsUnclear()
    {
        string[] lines = Lines(t => ExperimentTable.Write(t, Sets(5, null, [null])));
        Assert.Contains(lines, l => l.StartsWith("languages specific: 3 clients, 10 iterations, seeds 1, 2, 3, 4, 5", StringComparison.Ordinal));
        string Row(string scheme) => lines.Single(l => l.StartsWith($"  {scheme} ", StringComparison.Ordinal));
        Assert.Matches(@"-0\.1030 ± 0\.00\d\d   +-0\.2030 ± 0\.00\d\d   +100 % +0 % +client 1 2\.9", Row("validation"));
        Assert.Matches(@"-0\.0040 ± 0\.02\d\d ~", Row("weights"));
        Assert.All(lines, l => Assert.True(l.Length <= Terminal.PlainWidth, l));
    }

    [Fact]
    public void Table_ThreeSeeds_PrintsEveryOneAndMarksNothing()
    {
        string[] lines = Lines(t => ExperimentTable.Write(t, Sets(3, null, [null])));
        Assert.Contains(lines, l => l.Contains("-0.101 -0.102 -0.103", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Contains('~') || l.Contains('±'));
        Assert.All(lines, l => Assert.True(l.Length <= Terminal.PlainWidth, l));
    }

    [Fact]
    public void Table_OfSeenTextAndNoise_MarksTheSetAndSaysBoth()
    {
        var set = Sets(2, null, [null])[0].Set;
        PretrainingOverlap Seen(params double[] shares) => new("old", "hash", 13, [.. shares.Select(s => new OverlapShare(s, s))]);
        var privacy = new PrivacyStatement(3.5, 1e-5, 8, 0.5, 2, 4, "clients");
        RunSummary Noisy(RunSummary run, PretrainingOverlap overlap) => run with
        {
            PretrainingOverlap = overlap,
            Schemes = run.Schemes.ToDictionary(s => s.Key, s => s.Key == "local" ? s.Value : s.Value with { Privacy = privacy }),
        };
        // The second seed dealt other documents: the note is about the clients of both.
        set = set with { Runs = [Noisy(set.Runs[0], Seen(0, 0, 0)), Noisy(set.Runs[1], Seen(0.6, 0, 0))] };
        string[] lines = Lines(t => ExperimentTable.Write(t, SetStatistics.Of([set])));
        Assert.Contains(lines, l => l.StartsWith("languages specific †: 3 clients", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("† Seen in pretraining: 10.0 % of a client's documents (at most 60.0 %)", StringComparison.Ordinal));
        Assert.Single(lines, l => l.StartsWith("Privacy: ε = 3.50", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Table_OfRunsWithComparators_HasARowForEachThatAllHave(int seeds)
    {
        ComparatorSummary Losses(params double[] losses) => new(losses.Average(), losses.Average(Math.Exp), 0.5, losses, 10);
        var set = Sets(seeds, null, [null])[0].Set with
        {
            // Local's losses are 1.0, 1.2, 0.9 in every seed.
            Compared = [.. Enumerable.Range(1, seeds).Select(s => new Dictionary<string, ComparatorSummary>
            {
                ["local_with_trust_text"] = Losses(0.8, 1.1, 0.7),
                [$"only_in_{s}"] = Losses(1, 1, 1),
            })],
        };
        var statistics = SetStatistics.Of([set])[0];
        var row = Assert.Single(statistics.Comparators);
        Assert.Equal(("local_with_trust_text", "local with trust text"), (row.Scheme, row.Title));
        Assert.Equal(-1.0 / 6, row.ToLocal!.Mean, 12);
        Assert.Equal(-1.0 / 6 - 0.1, row.ToFedAvg!.Mean, 12);
        Assert.Equal((1, Math.Exp(1.1)), (row.Worst.Id, row.Worst.Perplexity));
        Assert.Equal(s_schemes, statistics.Schemes.Select(s => s.Scheme));
        string[] lines = Lines(t => ExperimentTable.Write(t, [statistics]));
        string text = string.Join(' ', lines.SkipWhile(l => !l.StartsWith("  prediction ", StringComparison.Ordinal)));
        foreach (string part in new[] { "local with", seeds < 5 ? "-0.167 -0.167 -0.167" : "-0.1667 ±", "100 %", "client 1 3.004" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.All(lines, l => Assert.True(l.Length <= Terminal.PlainWidth, l));
    }

    [Fact]
    public void SweepTable_TwoValues_MarksTheLowestOnTrustValidation()
    {
        string[] lines = Lines(t => SweepTable.Write(t, Sets(2, "lr", "1e-2", "2e-2")));
        // Made-up trust losses lie half a nat above the reported ones.
        Assert.Contains(lines, l => l.StartsWith("  local ", StringComparison.Ordinal)
            && l.Contains("1.5333 (1.0333) *", StringComparison.Ordinal) && l.Contains("2.5333 (2.0333)", StringComparison.Ordinal));
        Assert.Equal(s_schemes.Length, lines.Count(l => l.Contains(") *", StringComparison.Ordinal)));
    }
}
