using System.Diagnostics;

namespace LoraCollab.Data.Tests;

public class BpeTrainerTests
{
    private static readonly string[] Texts =
        ["low lower lowest", "newer newest wide wider", "the cat sat on the mat; the dog didn't", "élève 日本 日本 😀😀"];

    [Fact]
    public void Train_KnownExample_LearnsTheMergesByHand()
    {
        // Pairs: ab 4, bc 3 (abc twice, bc once, ab twice more): ab first; then (ab)c 2 — bc is down to 1.
        var tokenizer = BpeTrainer.Train(["abc\nabc\nbc\nab\nab"], 300);
        Assert.Equal(["a b", "ab c"], Merges(tokenizer));
        Assert.Equal(259, tokenizer.VocabularySize);
        Assert.Equal(258, tokenizer.EndOfText);
        Assert.Equal([257, 256], [.. tokenizer.Encode("abc"), .. tokenizer.Encode("ab")]);
    }

    [Fact]
    public void Train_EquallyFrequentPairs_LowestIdsComeFirst() =>
        Assert.Equal(["a b", "c d", "x y"], Merges(BpeTrainer.Train(["xy.cd.ab.ab.xy.cd"], 300)));

    [Theory]
    [InlineData(300)]
    [InlineData(340)]
    public void Train_AnyText_EqualsTheObviousTrainer(int size)
    {
        string[] texts = [.. Texts, .. Enumerable.Range(0, 40).Select(n => RandomText.Unicode(seed: 3, n)), "aaaa aaaaaaa aaa abababab baba"];
        Assert.Equal(ObviousMerges(texts, size), Merges(BpeTrainer.Train(texts, size)));
    }

    [Fact]
    public void Train_TextsInAnotherOrder_GivesTheSameTokenizer() =>
        Assert.Equal(BpeTrainer.Train(Texts, 320).Hash, BpeTrainer.Train(Texts.Reverse(), 320).Hash);

    [Fact]
    public void Train_ThenEncode_RoundTripsAndAgreesWithTheHeap()
    {
        var tokenizer = BpeTrainer.Train([.. Texts, "aaaa aaaaaaa aaa abababab baba aabbaabb"], 400);
        for (int n = 0; n < 200; n++)
        {
            string text = RandomText.Unicode(seed: 2, n) + Texts[n % Texts.Length][(n % 7)..];
            Assert.Equal(text, ((ITokenizer)tokenizer).Decode(tokenizer.Encode(text)));
            foreach (ReadOnlySpan<char> word in new Gpt2Splitter(text)) Assert.Equal(tokenizer.MergeByHeap(word), tokenizer.Encode(word.ToString()));
        }
    }

    [Fact]
    public void Encode_ManyThreads_GivesTheSameIds()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(n => RandomText.Unicode(seed: 6, n))];
        var expected = texts.Select(BpeTrainer.Train(Texts, 330).Encode).ToArray();
        var fresh = BpeTrainer.Train(Texts, 330);
        var found = new int[texts.Length][];
        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n => found[n] = fresh.Encode(texts[n]));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Save_TrainedTokenizer_LoadGivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = BpeTrainer.Train(Texts, 310);
        tokenizer.Save(folder.Path);
        Assert.Equal(tokenizer.Hash, Data.Tokenization.Tokenizers.Load(folder.Path).Hash);
    }

    [Fact]
    public void Train_Tinyshakespeare_TakesSecondsAndCompresses()
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        string text = TextFile.Read(Shared.Path("data", "golden", "tinyshakespeare.txt"));
        var watch = Stopwatch.StartNew();
        var tokenizer = BpeTrainer.Train([text], 1024);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        Assert.Equal(1024, tokenizer.VocabularySize);
        // Bytes per token, as measured: a change of the rule shows here.
        Assert.Equal(2.43, (double)text.Length / tokenizer.Encode(text).Length, tolerance: 0.01);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(2_000_000)]
    public void Train_SizeOutOfRange_IsAUserError(int size) =>
        Assert.Contains(size.ToString(), Assert.Throws<UserException>(() => BpeTrainer.Train(Texts, size)).Message);

    [Fact]
    public void Train_NoText_IsAUserError() => Assert.Throws<UserException>(() => BpeTrainer.Train([""], 300));

    private static string[] Merges(Gpt2Tokenizer tokenizer)
    {
        using var folder = new TemporaryFolder();
        tokenizer.Save(folder.Path);
        return [.. File.ReadAllLines(folder.At("merges.txt")).Skip(1)];
    }

    /// <summary>Counts every pair anew in every round.</summary>
    private static List<string> ObviousMerges(string[] texts, int size)
    {
        var words = new List<List<string>>();
        foreach (string text in texts)
            foreach (ReadOnlySpan<char> word in new Gpt2Splitter(text))
                words.Add([.. System.Text.Encoding.UTF8.GetBytes(word.ToString()).Select(b => ByteSymbols.Symbol(b).ToString())]);
        List<string> tokens = [.. ByteSymbols.InIdOrder.Select(b => ByteSymbols.Symbol(b).ToString())], merges = [];
        while (tokens.Count < size - 1)
        {
            var best = words.SelectMany(w => w.Zip(w.Skip(1))).GroupBy(p => p).Where(g => g.Count() > 1 && !tokens.Contains(g.Key.First + g.Key.Second))
                .OrderByDescending(g => g.Count()).ThenBy(g => tokens.IndexOf(g.Key.First)).ThenBy(g => tokens.IndexOf(g.Key.Second)).FirstOrDefault();
            if (best is null) break;
            var (left, right) = best.Key;
            foreach (var word in words)
                for (int i = 0; i + 1 < word.Count; i++)
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = left + right;
                        word.RemoveAt(i + 1);
                    }
            merges.Add(left + " " + right);
            tokens.Add(left + right);
        }
        return merges;
    }
}
