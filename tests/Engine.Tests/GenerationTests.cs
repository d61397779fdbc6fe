namespace LoraCollab.Engine.Tests;

public class GenerationTests
{
    public static TheoryData<BackendKind> Kinds => [BackendKind.Reference, BackendKind.Host];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generate_WithAndWithoutCache_DrawsTheSameTokens(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        var lora = new LoraOptions { Rank = 2, Targets = LoraTargets.All };
        using var adapter = new LoraAdapter(backend, model.Config, lora, trainable: false);
        adapter.Set(SmallModel.AdapterValues(model.Config, lora));
        using var generator = new Generator(model, backend, adapter);
        var options = new GenerationOptions { MaxTokens = 60, Temperature = 0.9, TopP = 0.95, TopK = 40, Seed = 4 }; // passes the context of 24 several times

        int[] cached = [.. generator.Generate([1, 2, 3], options)];
        int[] uncached = [.. generator.Generate([1, 2, 3], options with { Cached = false })];

        Assert.Equal(60, cached.Length);
        Assert.Equal(uncached, cached);
        Assert.True(cached.Distinct().Count() > 10, "the text repeats itself: sampling is not at work");
        using var plain = new Generator(model, backend);
        Assert.NotEqual(cached, plain.Generate([1, 2, 3], options));
    }

    [Fact]
    public void Generate_TemperatureZero_TakesTheMostProbableTokenOfEveryWindow()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        using var generator = new Generator(model, backend);
        using var pass = new GptPass(model, backend, 1, model.Config.Context, PassKind.Forward);
        using var reader = new LogitReader(pass);
        List<int> text = [7, 8];
        var logits = new float[model.Config.Vocabulary];
        for (int i = 0; i < 12; i++)
        {
            pass.Trunk([.. text], 1, null);
            reader.Read(logits, text.Count - 1, 1);
            text.Add(Array.IndexOf(logits, logits.Max()));
        }
        Assert.Equal(text[2..], generator.Generate([7, 8], new GenerationOptions { MaxTokens = 12, Temperature = 0 }));
    }

    [Fact]
    public void Generate_SeedsAndLimits_DecideTheDraw()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd with { TiedHead = false }));
        using var generator = new Generator(model, backend);
        int[] Draw(GenerationOptions options) => [.. generator.Generate([5], options)];
        var options = new GenerationOptions { MaxTokens = 20, Temperature = 2 };
        int[] greedy = Draw(options with { Temperature = 0 });

        Assert.Equal(Draw(options), Draw(options));
        Assert.NotEqual(Draw(options), Draw(options with { Seed = 1 }));
        Assert.Equal(greedy, Draw(options with { TopK = 1 }));
        Assert.Equal(greedy, Draw(options with { TopP = 1e-9 }));
        int[] drawn = Draw(options);
        int end = Enumerable.Range(2, 18).First(i => !drawn[..i].Contains(drawn[i]));
        Assert.Equal(drawn[..end], Draw(options with { EndOfText = drawn[end] }));
        Assert.Empty(Draw(options with { MaxTokens = 0 }));
    }

    /// <summary>Ids that the tokenizer has no token for, as in embeddings padded to a multiple of 64.</summary>
    [Theory]
    [InlineData(0, 0, 1.0)]
    [InlineData(50, 0, 1.0)]
    [InlineData(50, 1, 1.0)]
    [InlineData(50, 0, 0.9)]
    public void Generate_FewerTokensThanLogits_DrawsOnlyThem(double temperature, int topK, double topP)
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd with { TiedHead = false }));
        using var generator = new Generator(model, backend);
        var options = new GenerationOptions { MaxTokens = 60, Temperature = temperature, TopK = topK, TopP = topP, Seed = 3 };
        int vocabulary = generator.Generate([1], options).Max(); // the highest id that is drawn has no token
        int[] drawn = [.. generator.Generate([1], options with { Vocabulary = vocabulary })];
        Assert.Equal(60, drawn.Length);
        Assert.InRange(drawn.Max(), 0, vocabulary - 1);
        Assert.Equal(generator.Generate([1], options), generator.Generate([1], options with { Vocabulary = model.Config.Vocabulary }));
        Assert.Equal(Enumerable.Repeat(0, 60), generator.Generate([1], options with { Vocabulary = 1 }));
    }

    [Fact]
    public void Draw_ManyTimes_FollowsTheProbabilities()
    {
        // p = 0.5, 0.3, 0.2, and a token that top-k removes
        float[] logits = [MathF.Log(0.2f), MathF.Log(0.5f), MathF.Log(0.001f), MathF.Log(0.3f)];
        var sampler = new TokenSampler(new GenerationOptions { TopK = 3, Seed = 9 }, 4);
        var counts = new int[4];
        for (int i = 0; i < 20000; i++) counts[sampler.Draw(logits, i)]++;
        Assert.Equal(0, counts[2]);
        Assert.Equal(0.2, counts[0] / 20000.0, 0.015);
        Assert.Equal(0.5, counts[1] / 20000.0, 0.015);
        Assert.Equal(0.3, counts[3] / 20000.0, 0.015);
    }

    [Fact]
    public void Draw_EqualLogits_PutsTheLowerIdFirst()
    {
        var sampler = new TokenSampler(new GenerationOptions { TopK = 1, Seed = 9 }, 5);
        Assert.Equal(1, sampler.Draw([0, 3, 1, 3, 3], 0));
        Assert.Equal(1, new TokenSampler(new GenerationOptions { Temperature = 0 }, 5).Draw([0, 3, 1, 3, 3], 0));
    }

    [Fact]
    public void Generate_PromptOverTheContext_BeginsWithItsLastHalfWindow()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var generator = new Generator(model, backend);
        int[] prompt = SmallModel.Ids(30, 13);
        var options = new GenerationOptions { MaxTokens = 3, Temperature = 0 };
        Assert.Equal(generator.Generate(prompt[^4..], options), generator.Generate(prompt, options));
    }

    [Fact]
    public void Generate_ImpossibleRequests_AreRefused()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var generator = new Generator(model, backend);
        Assert.Throws<UserException>(() => generator.Generate([], new()));
        Assert.Contains("top-p", Assert.Throws<UserException>(() => generator.Generate([1], new() { TopP = 0 })).Message);
        Assert.Contains("temperature", Assert.Throws<UserException>(() => generator.Generate([1], new() { Temperature = double.NaN })).Message);
        Assert.Contains("top-k", Assert.Throws<UserException>(() => generator.Generate([1], new() { TopK = -1 })).Message);
        Assert.Contains("13", Assert.Throws<UserException>(() => generator.Generate([13], new()).ToArray()).Message);
    }
}
