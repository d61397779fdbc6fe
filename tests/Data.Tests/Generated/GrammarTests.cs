namespace LoraCollab.Data.Tests.Generated;

public class GrammarTests
{
    private static readonly string[] s_categories = ["A", "B"];

    private static Node Build(string text, double conflict = 1, ulong seed = 7) =>
        new World(GrammarFile.Parse(text), s_categories, new CounterRandom(seed, RandomPurpose.GeneratedWorld), conflict).Build("document");

    private static double Probability(Node grammar, string text, int category) => Math.Exp(Reader.LogProbability(grammar, text, category));

    [Fact]
    public void Reader_WeightedAlternatives_GivesTheirShare()
    {
        var grammar = Build("= document\n3: yes\n1: no <word>\n= word\nx\ny\n");
        Assert.Equal(0.75, Probability(grammar, "yes", 0), 12);
        Assert.Equal(0.125, Probability(grammar, "no y", 1), 12);
        Assert.Equal(0, Probability(grammar, "no z", 0));
        Assert.Equal(0, Probability(grammar, "ye", 0));
        Assert.Equal(0, Probability(grammar, "yes ", 0));
    }

    [Fact]
    public void Reader_TwoDerivationsOfOneText_AddUp()
    {
        // "aaa" is a + aa and aa + a: 2 · ½ · ½.
        var grammar = Build("= document\n<part><part>\n= part\na\naa\n");
        Assert.Equal(0.25, Probability(grammar, "aa", 0), 12);
        Assert.Equal(0.5, Probability(grammar, "aaa", 0), 12);
        Assert.Equal(0.25, Probability(grammar, "aaaa", 0), 12);
    }

    [Theory]
    [InlineData("", 1.0)]
    [InlineData("y", 0.75)]
    [InlineData("no", 0.25)]
    [InlineData("no x", 0.125 + 0.0625)]
    [InlineData("no xz", 0.0625)]
    [InlineData("no xzz", 0.0)]
    public void Reader_Beginning_SumsOverEveryContinuation(string beginning, double expected)
    {
        var grammar = Build("= document\n3: yes\n1: no <word>\n= word\n2: x\n1: xz\n1: yz\n");
        Assert.Equal(expected, Math.Exp(Reader.LogProbabilityOfBeginning(grammar, beginning, 0)), 12);
    }

    [Fact]
    public void Reader_ZipfList_FallsWithRank()
    {
        var grammar = Build("= document zipf\na\nb\nc\n");
        double harmonic = 1 + 1.0 / 2 + 1.0 / 3;
        Assert.Equal(1 / harmonic, Probability(grammar, "a", 0), 12);
        Assert.Equal(1 / 3.0 / harmonic, Probability(grammar, "c", 0), 12);
    }

    [Fact]
    public void Reader_EveryTextOfATinyWorld_SumsToOneInEachCategory()
    {
        // 2 subjects × 2 predicates, a continuation of two words, a lexicon of the category's own: every text there is.
        var grammar = Build("""
            = document
            <who!> <what!> <deed@what> <thing@who,what> <word>
            = who
            u
            v
            = what zipf
            p
            q
            = deed
            d
            e
            = thing
            s
            t
            = word [A] lexicon
            k
            l
            = word [B] lexicon
            l
            m
            """);
        for (int category = 0; category < 2; category++)
        {
            double sum = 0;
            int possible = 0;
            foreach (string who in new[] { "u", "v" })
                foreach (string what in new[] { "p", "q" })
                    foreach (string deed in new[] { "d", "e" })
                        foreach (string thing in new[] { "s", "t" })
                            foreach (string word in new[] { "k", "l", "m" })
                            {
                                double p = Probability(grammar, $"{who} {what} {deed} {thing} {word}", category);
                                sum += p;
                                if (p > 0) possible++;
                            }
            Assert.Equal(1, sum, 12);
            Assert.Equal(2 * 2 * 2, possible); // who, what and word are free; deed and thing are decided
        }
    }

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.0, false)]
    public void World_Conflict_DecidesWhetherCategoriesContinueAFrameAlike(double conflict, bool differ)
    {
        var grammar = Build("= document\n<who!> <deed@who>\n= who\nu\nv\nw\n= deed\na\nb\nc\nd\n", conflict);
        foreach (string who in new[] { "u", "v", "w" })
        {
            string[] deeds = [.. Enumerable.Range(0, 2).Select(c => new[] { "a", "b", "c", "d" }.Single(d => Probability(grammar, $"{who} {d}", c) > 0))];
            Assert.Equal(differ, deeds[0] != deeds[1]);
        }
    }

    [Fact]
    public void World_HalfConflict_DiffersInAboutHalfOfTheFrames()
    {
        string owners = string.Join('\n', Enumerable.Range(0, 400).Select(i => $"w{i}."));
        var grammar = Build($"= document\n<who!><deed@who>\n= who\n{owners}\n= deed\na\nb\nc\nd\n", 0.5);
        int differing = Enumerable.Range(0, 400).Count(i => new[] { "a", "b", "c", "d" }.Any(d =>
            Probability(grammar, $"w{i}.{d}", 0) > 0 && Probability(grammar, $"w{i}.{d}", 1) == 0));
        Assert.InRange(differing, 160, 240); // 200 ± 4 standard deviations
    }

    [Fact]
    public void Writer_ManyTexts_FollowTheReadersProbabilities()
    {
        var grammar = Build("= document\n2: a<word>\n1: b\n= word lexicon\nx\ny\nz\n");
        const int draws = 20_000;
        var counts = Enumerable.Range(0, draws)
            .GroupBy(i => Writer.Write(grammar, 0, new Draws(new CounterRandom(5, RandomPurpose.GeneratedDocuments).At(i))).Text)
            .ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(4, counts.Count);
        foreach (var (text, count) in counts)
        {
            double p = Probability(grammar, text, 0);
            Assert.InRange(count / (double)draws, p - 4 * Math.Sqrt(p * (1 - p) / draws), p + 4 * Math.Sqrt(p * (1 - p) / draws));
        }
    }

    [Theory]
    [InlineData("= document\n<missing>\n", "no rule missing")]
    [InlineData("= document\nx<document>\n", "contains itself")]
    [InlineData("= Document!\nx\n", "not the header")]
    [InlineData("= document\n<who!> <deed@who>\n= who\nu\n= deed\na\n", "1 words for 2 categories")]
    [InlineData("= document\n<who!> <deed@who>\n= who\nu\n= deed\na\na\nb\n", "different words")]
    public void World_BrokenGrammar_SaysWhatIsWrong(string grammar, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Build(grammar)).Message);
}
