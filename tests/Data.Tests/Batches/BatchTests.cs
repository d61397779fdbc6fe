namespace LoraCollab.Data.Tests;

public class BatchTests
{
    [Fact]
    public void BatchSampler_SameStep_GivesTheSameWindowsInAnyOrder()
    {
        int[] tokens = [.. Enumerable.Range(0, 1000)];
        var first = Draw(new BatchSampler(tokens, 16, seed: 7, client: 2), step: 5, microBatch: 1);
        var sampler = new BatchSampler(tokens, 16, seed: 7, client: 2);
        Draw(sampler, step: 9, microBatch: 0);
        Assert.Equal(first, Draw(sampler, step: 5, microBatch: 1));
    }

    [Fact]
    public void BatchSampler_OtherSeedClientStepMicroBatchOrPurpose_GivesOtherWindows()
    {
        int[] tokens = [.. Enumerable.Range(0, 100_000)];
        string Key(ulong seed, int client, long step, int microBatch, RandomPurpose purpose) =>
            string.Join(' ', Draw(new BatchSampler(tokens, 4, seed, client, purpose), step, microBatch));
        string[] keys =
        [
            Key(1, 0, 0, 0, RandomPurpose.TrainingWindows), Key(2, 0, 0, 0, RandomPurpose.TrainingWindows), Key(1, 1, 0, 0, RandomPurpose.TrainingWindows),
            Key(1, 0, 1, 0, RandomPurpose.TrainingWindows), Key(1, 0, 0, 1, RandomPurpose.TrainingWindows), Key(1, 0, 0, 0, RandomPurpose.TrustWindows),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void BatchSampler_ConsecutiveTokens_TargetsFollowInputs()
    {
        var sampler = new BatchSampler([.. Enumerable.Range(0, 50)], 8, seed: 1, client: 0);
        var inputs = new int[4 * 8];
        var targets = new int[4 * 8];
        for (int step = 0; step < 200; step++)
        {
            sampler.Fill(step, 0, inputs, targets);
            for (int i = 0; i < inputs.Length; i++) Assert.Equal(inputs[i] + 1, targets[i]);
            for (int i = 1; i < inputs.Length; i++) if (i % 8 != 0) Assert.Equal(inputs[i - 1] + 1, inputs[i]);
        }
    }

    [Fact]
    public void BatchSampler_EveryStart_IsEquallyLikely()
    {
        var sampler = new BatchSampler([.. Enumerable.Range(0, 12)], 4, seed: 3, client: 0);
        var counts = new int[8];
        var inputs = new int[400];
        for (int step = 0; step < 80; step++)
        {
            sampler.Fill(step, 0, inputs, new int[400]);
            for (int b = 0; b < 100; b++) counts[inputs[4 * b]]++;
        }
        Assert.All(counts, c => Assert.InRange(c, 850, 1150)); // 8,000 draws of 8 starts: 1,000 each, standard deviation 30
    }

    [Fact]
    public void BatchSampler_TextOfOneWindow_AlwaysGivesIt()
    {
        Assert.Equal([0, 1, 2, 0, 1, 2], Draw(new BatchSampler([0, 1, 2, 3], 3, seed: 1, client: 0), 0, 0, rows: 2));
    }

    [Fact]
    public void BatchSampler_TextShorterThanAWindow_SaysSo()
    {
        var error = Assert.Throws<UserException>(() => new BatchSampler([1, 2, 3], 3, seed: 1, client: 4));
        Assert.Contains("client 4: a text of 3 tokens", error.Message);
    }

    [Fact]
    public void BatchSampler_Fill_AllocatesNothing()
    {
        var sampler = new BatchSampler([.. Enumerable.Range(0, 500)], 32, seed: 1, client: 0);
        var inputs = new int[128];
        var targets = new int[128];
        sampler.Fill(0, 0, inputs, targets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 100; step++) sampler.Fill(step, 0, inputs, targets);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(5, 4)]
    [InlineData(9, 4)]
    [InlineData(10, 4)]
    [InlineData(33, 7)]
    [InlineData(7, 1)]
    public void EvaluationWindows_AnyLength_PredictEveryTokenOnce(int length, int sequenceLength)
    {
        var windows = new EvaluationWindows([.. Enumerable.Range(100, length)], sequenceLength);
        var predicted = new List<int>();
        const int Batch = 2;
        var inputs = new int[Batch * sequenceLength];
        var targets = new int[Batch * sequenceLength];
        int counted = 0;
        for (int w = 0; w < windows.Count; w += Batch)
        {
            counted += windows.Fill(w, Batch, inputs, targets);
            for (int i = 0; i < targets.Length; i++)
            {
                if (targets[i] == EvaluationWindows.Ignored) continue;
                Assert.Equal(inputs[i] + 1, targets[i]);
                predicted.Add(targets[i]);
            }
        }
        Assert.Equal(Enumerable.Range(101, length - 1), predicted);
        Assert.Equal(length - 1, counted);
        Assert.Equal(length - 1, windows.PredictedTokens);
    }

    [Theory]
    [InlineData(33, 4, 3, new[] { 0, 12, 24 })]
    [InlineData(34, 4, 2, new[] { 0, 8, 16, 24, 32 })]
    [InlineData(9, 4, 100, new[] { 0 })]
    public void EvaluationWindows_EveryFew_PredictThoseWindowsOnly(int length, int sequenceLength, int every, int[] starts)
    {
        var windows = new EvaluationWindows([.. Enumerable.Range(100, length)], sequenceLength, every);
        int batch = starts.Length + 1;
        int[] inputs = new int[batch * sequenceLength], targets = new int[batch * sequenceLength];
        int counted = windows.Fill(0, batch, inputs, targets);
        int[] expected = [.. starts.SelectMany(s => Enumerable.Range(s + 101, Math.Min(sequenceLength, length - 1 - s)))];
        Assert.Equal(expected, targets.Where(t => t != EvaluationWindows.Ignored));
        Assert.Equal(expected.Length, counted);
        Assert.Equal(expected.Length, windows.PredictedTokens);
        Assert.Equal(starts.Length, windows.Count);
    }

    [Fact]
    public void EvaluationWindows_OneToken_IsAUserError() => Assert.Throws<UserException>(() => new EvaluationWindows([1], 4));

    private static int[] Draw(BatchSampler sampler, long step, int microBatch, int rows = 4)
    {
        var inputs = new int[rows * sampler.SequenceLength];
        sampler.Fill(step, microBatch, inputs, new int[inputs.Length]);
        return inputs;
    }
}
