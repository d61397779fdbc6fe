namespace LoraCollab.Federation.Tests;

public class UploadChannelTests
{
    private static readonly FlatLayout Layout = new FlatLayout().Add("a", 4, 5);

    [Fact]
    public void Send_OfFloat32_IsTheAdapterItself()
    {
        float[] adapter = SyntheticRound.Numbers(new CounterRandom(1, RandomPurpose.TrustWindows), 20);
        var channel = new UploadChannel(UploadCodecs.Parse("float32", Layout));
        var upload = channel.Send(adapter, new float[20], null, 0, 1);
        Assert.Equal(adapter, upload.Adapter);
        Assert.Equal(80, upload.Bytes.Length);
        Assert.Null(upload.Unsent);
    }

    [Fact]
    public void Send_OfTopK_ByHand()
    {
        var channel = new UploadChannel(new TopKCodec(0.25));
        // The change is (0, 3, −1, 2): 3 is sent, the rest waits.
        var first = channel.Send([5, 5, 5, 5], [5, 2, 6, 3], null, 0, 1);
        Assert.Equal([5, 5, 6, 3], first.Adapter);
        Assert.Equal([0, 0, -1, 2], first.Unsent!);
        // Then (0, 0, −2, 0.5) on top of it makes (0, 0, −3, 2.5).
        var second = channel.Send([1, 1, -1, 1.5f], [1, 1, 1, 1], first.Unsent, 0, 2);
        Assert.Equal([1, 1, -2, 1], second.Adapter);
        Assert.Equal([0, 0, 0, 2.5f], second.Unsent!);
    }

    [Fact]
    public void Send_OfTopKManyTimes_SentAndUnsentAreAllChanges()
    {
        const int N = 20;
        var channel = new UploadChannel(new TopKCodec(0.1));
        var random = new CounterRandom(7, RandomPurpose.TrustWindows);
        var (changes, sent, unsent) = (new double[N], new double[N], (float[]?)null);
        for (int round = 0; round < 40; round++)
        {
            float[] received = SyntheticRound.Numbers(random.At(2 * round), N);
            float[] adapter = SyntheticRound.Numbers(random.At(2 * round + 1), N);
            var upload = channel.Send(adapter, received, unsent, 3, round);
            Assert.Equal(2, upload.Adapter.Where((x, e) => x != received[e]).Count());
            for (int e = 0; e < N; e++) (changes[e], sent[e]) = (changes[e] + adapter[e] - received[e], sent[e] + upload.Adapter[e] - received[e]);
            unsent = upload.Unsent;
        }
        for (int e = 0; e < N; e++) Assert.Equal(changes[e], sent[e] + unsent![e], 1e-5);
        Assert.True(unsent!.Max(Math.Abs) < 20, "what waits must not grow with the rounds");
    }

    [Theory]
    [InlineData(10.0, 1.0)]
    [InlineData(2.5, 0.5)]
    public void Send_WithClipOnly_ShortensTheChangeToTheNorm(double clip, double factor)
    {
        // The change (3, 4) has norm 5.
        var upload = new UploadChannel(new Float32Codec(), new PrivateChange(clip, 0, 1)).Send([4, 6], [1, 2], null, 0, 1);
        Assert.Equal([(float)(1 + 3 * factor), (float)(2 + 4 * factor)], upload.Adapter);
    }

    [Fact]
    public void Send_WithNoise_HasItsSpreadAndRepeats()
    {
        const int N = 20_001;
        const double Clip = 0.5, Noise = 1.2;
        var channel = new UploadChannel(new Float32Codec(), new PrivateChange(Clip, Noise, seed: 4));
        double[] Draw(int client, int iteration) => [.. channel.Send(new float[N], new float[N], null, client, iteration).Adapter.Select(x => (double)x)];
        double[] noise = Draw(2, 30);
        double mean = noise.Average(), deviation = Math.Sqrt(noise.Average(x => x * x));
        // Standard errors of mean and deviation are σ/√N and σ/√(2N); four of them are allowed.
        Assert.InRange(mean, -4 * 0.6 / Math.Sqrt(N), 4 * 0.6 / Math.Sqrt(N));
        Assert.InRange(deviation, 0.6 * (1 - 4 / Math.Sqrt(2.0 * N)), 0.6 * (1 + 4 / Math.Sqrt(2.0 * N)));
        Assert.Equal(noise, Draw(2, 30));
        foreach (double[] other in (double[][])[Draw(3, 30), Draw(2, 31)])
            Assert.InRange(noise.Zip(other, (x, y) => x * y).Average() / 0.36, -4 / Math.Sqrt(N), 4 / Math.Sqrt(N));
    }

    [Fact]
    public void Send_WithNoiseAndTopK_SendsTheNoisedChange()
    {
        float[] adapter = [3, -4, 0, 0], received = new float[4];
        var exact = new UploadChannel(new Float32Codec(), new PrivateChange(1, 0.1, 9)).Send(adapter, received, null, 1, 5);
        var sparse = new UploadChannel(new TopKCodec(0.5), new PrivateChange(1, 0.1, 9)).Send(adapter, received, null, 1, 5);
        Assert.Equal(exact.Adapter.Zip(sparse.Unsent!, (x, left) => x - left), sparse.Adapter);
        Assert.Equal(2, sparse.Unsent!.Count(x => x == 0));
    }
}
