namespace LoraCollab.Data.Tests.Generated;

public class CorpusFloorTests
{
    private static GeneratedCorpus Open(string name, double conflict = 1, int documents = 60, string[]? categories = null) =>
        new(Family.All.Single(f => f.Name == name), new WorldOptions { Conflict = conflict, DocumentsPerCategory = documents, Categories = categories });

    [Theory]
    [InlineData("news", 4)]
    [InlineData("languages", 3)]
    [InlineData("code", 2)]
    public void Floor_WithoutCategory_LiesBetweenTheFloorWithItAndTheCategorysInformation(string name, int categories)
    {
        var corpus = Open(name);
        var floor = corpus.Floor(corpus.Documents);
        Assert.True(floor.WithCategory > 0);
        Assert.InRange(floor.WithoutCategory, floor.WithCategory, floor.WithCategory + corpus.Documents.Count * Math.Log(categories) + 1e-9);
    }

    [Fact]
    public void Floor_Documents_AddUp()
    {
        var corpus = Open("news");
        var whole = corpus.Floor(corpus.Documents);
        var first = corpus.Floor(corpus.Documents.Take(100));
        var rest = corpus.Floor(corpus.Documents.Skip(100));
        Assert.Equal(whole.WithCategory, first.WithCategory + rest.WithCategory, 6);
        Assert.Equal(whole.WithoutCategory, first.WithoutCategory + rest.WithoutCategory, 6);
    }

    [Fact]
    public void Floor_OneCategory_IsTheSameWithAndWithout()
    {
        var corpus = Open("news", categories: ["Sports"]);
        var floor = corpus.Floor(corpus.Documents);
        Assert.Equal(floor.WithCategory, floor.WithoutCategory, 9);
    }

    /// <summary>Two frames of probability ½ with one decided word each, then nothing or, with probability ¼, a word that only category A has.</summary>
    private const string TinyGrammar =
        "= document\n3: <report>\n1: <report> <own>\n= report\n<who!> <deed@who>\n"
        + "= who\nshe\nhe\n= deed\nsang\nran\n"
        + "= own [A]\nloudly\n= own [B]\nfast\n";

    private static GeneratedCorpus Tiny(double conflict) =>
        new(new Family("tiny", ["A", "B"], 2, TinyGrammar, ClientOrder.Neighbours), new WorldOptions { Conflict = conflict, DocumentsPerCategory = 100 });

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    public void Floor_TinyWorld_IsWhatEnumerationGives(double conflict)
    {
        var corpus = Tiny(conflict);
        var plain = corpus.Documents.First(d => d.Text.Split(' ').Length == 2);
        var marked = corpus.Documents.First(d => d.Text.Split(' ').Length == 3);
        // The frame and its word have p = ½ in their own category; the other category says the same without conflict and never with it.
        double known = -Math.Log(0.5 * 0.75), unknown = conflict == 0 ? known : known + Math.Log(2);
        Assert.Equal(known, corpus.Floor([plain]).WithCategory, 12);
        Assert.Equal(unknown, corpus.Floor([plain]).WithoutCategory, 12);
        // The category's own word gives the category away: not knowing it costs exactly log 2, once.
        Assert.Equal(-Math.Log(0.5 * 0.25), corpus.Floor([marked]).WithCategory, 12);
        Assert.Equal(-Math.Log(0.5 * 0.25) + Math.Log(2), corpus.Floor([marked]).WithoutCategory, 12);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    public void Floor_NewsFrames_AreContinuedAlikeOnlyWithoutConflict(double conflict)
    {
        var corpus = Open("news", conflict, documents: 200);
        var (world, sports) = (Reports(corpus, 0), Reports(corpus, 1));
        var shared = world.Keys.Intersect(sports.Keys).ToList();
        Assert.True(shared.Count > 100);
        Assert.Equal(conflict == 0 ? shared.Count : 0, shared.Count(frame => world[frame] == sports[frame]));
    }

    [Theory]
    [InlineData("news")]
    [InlineData("languages")]
    [InlineData("code")]
    public void Floor_CutDocument_GrowsWithItsLength(string name)
    {
        var corpus = Open(name);
        var document = corpus.Documents[1];
        double last = 0;
        for (int length = 1; length <= document.Text.Length; length++)
        {
            var floor = corpus.Floor([document with { Text = document.Text[..length] }]);
            Assert.True(floor.WithCategory >= last - 1e-9, $"at {length}: {floor.WithCategory} after {last}");
            last = floor.WithCategory;
        }
        Assert.Equal(corpus.Floor([document]).WithCategory, last, 9);
    }

    [Theory]
    [InlineData("news")]
    [InlineData("languages")]
    public void FloorPerToken_Splits_AgreesWithTheFloorOfTheirDocuments(string name)
    {
        var corpus = Open(name, documents: 100);
        var tokenizer = BpeTrainer.Train(corpus.Documents.Select(d => d.Text), 600);
        var whole = corpus.Documents.Take(40).ToList();
        int[] ids = new DocumentJoiner(tokenizer).Join(whole);
        var (total, perToken) = (corpus.Floor(whole), corpus.FloorPerToken(ids, tokenizer));
        Assert.Equal(total.WithCategory / ids.Length, perToken.WithCategory, 9);
        Assert.Equal(total.WithoutCategory / ids.Length, perToken.WithoutCategory, 9);

        // Splits of exact size, with cut documents: close to the floor of the whole corpus.
        var options = new PartitionOptions { TrainTokens = 1000, TrustTokens = 500, ReportTokens = 1000, ReferenceTokens = 500, MinimumTokens = 65 };
        var data = FederatedData.Partition(corpus, tokenizer, options);
        double floor = data.Clients.Average(c => corpus.FloorPerToken(c.ReportValidation, tokenizer).WithCategory);
        Assert.InRange(floor / perToken.WithCategory, 0.85, 1.15);
    }

    [Fact]
    public void Floor_ForeignText_IsRefused()
    {
        var corpus = Open("news");
        Assert.Contains("its own world", Assert.Throws<ArgumentException>(() => corpus.Floor([new Document("Something else.", 0)])).Message);
    }

    /// <summary>The continuation of every frame that a category is seen to use; one frame has one continuation.</summary>
    private static Dictionary<string, string> Reports(GeneratedCorpus corpus, int category) => corpus.Documents.Where(d => d.Category == category)
        .SelectMany(d => d.Text.TrimEnd('.').Split(". ")).Select(s => s.Split(' '))
        .Where(w => w.Length >= 9 && w[0] == "The" && w[4] == "to" && w[6] == "the")
        .Select(w => (Frame: string.Join(' ', w[..5]), Continuation: string.Join(' ', w[5..]))).Distinct().ToDictionary();
}
