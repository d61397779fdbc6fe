namespace LoraCollab.Federation.Tests;

public class CodecTests
{
    private const int R = 3, In = 7, Out = 5, Count = R * In + Out * R;

    private static readonly FlatLayout Layout = new FlatLayout().Add("a", R, In).Add("b", Out, R);

    /// <summary>Every codec, and the bytes that the format above its class promises for two tensors of 3 rows of 7 and 5 rows of 3.</summary>
    public static TheoryData<string, int> Codecs => new()
    {
        { "float32", 4 * Count },
        { "float16", 2 * Count },
        { "int8", R * (4 + In) + Out * (4 + R) },
        { "topk:0.1", 4 * 8 },
        { "topk:1", Count * 8 },
        { "topk:1e-9", 8 },
    };

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Codec_OfRandomNumbers_KeepsItsBoundAndItsSize(string name, int bytes)
    {
        var codec = UploadCodecs.Parse(name, Layout);
        for (ulong seed = 1; seed <= 50; seed++)
        {
            float[] values = Numbers(seed);
            byte[] sent = Encode(codec, values);
            Assert.Equal(bytes, sent.Length);
            float[] read = Decode(codec, sent);
            for (int e = 0; e < values.Length; e++)
                Assert.True(Math.Abs((double)read[e] - values[e]) <= Bound(name, values, e),
                    $"{name}, seed {seed}, number {e}: {values[e]:R} became {read[e]:R}");
        }
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("float16")]
    [InlineData("topk:0.1")]
    public void Codec_OfWhatItDecoded_ChangesNothing(string name)
    {
        var codec = UploadCodecs.Parse(name, Layout);
        float[] once = Decode(codec, Encode(codec, Numbers(3)));
        Assert.Equal(once, Decode(codec, Encode(codec, once)));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Codec_OfZeros_GivesZeros(string name, int bytes)
    {
        var codec = UploadCodecs.Parse(name, Layout);
        byte[] sent = Encode(codec, new float[Count]);
        Assert.Equal(bytes, sent.Length);
        Assert.All(Decode(codec, sent), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Float16_ByHand_RoundsToElevenBitsAndStaysFinite()
    {
        var codec = new Float16Codec();
        // 1 + 2⁻¹¹ lies between 1 and 1 + 2⁻¹⁰, and 1 is even; 0x3C00 is 1.
        Assert.Equal([0x00, 0x3C], Encode(codec, [1 + 1f / 2048]));
        Assert.Equal([1f, 1 + 1f / 512, 65504, -65504, 5.9604645e-8f], Decode(codec, Encode(codec, [1 + 1f / 2048, 1 + 3f / 2048, 1e9f, -1e9f, 5e-8f])));
    }

    [Fact]
    public void Int8_ByHand_ScalesEveryRow()
    {
        var codec = new Int8Codec(new FlatLayout().Add("a", 2, 2));
        byte[] sent = Encode(codec, [254, -3, 0.5f, 127]);
        // Row 0: scale 2, so 127 and −1.5 → −2 (even). Row 1: scale 1, so 0.5 → 0 (even) and 127.
        Assert.Equal([.. BitConverter.GetBytes(2f), 127, unchecked((byte)-2), .. BitConverter.GetBytes(1f), 0, 127], sent);
        var read = new float[4];
        codec.Decode(sent, read);
        Assert.Equal([254, -4, 0, 127], read);
    }

    [Fact]
    public void TopK_ByHand_SendsTheLargestWithTheirPlaces()
    {
        var codec = new TopKCodec(0.5);
        byte[] sent = Encode(codec, [1, -4, 2, -2]);
        // k = 2: −4, and of 2 and −2 the first.
        Assert.Equal([1, 0, 0, 0, .. BitConverter.GetBytes(-4f), 2, 0, 0, 0, .. BitConverter.GetBytes(2f)], sent);
        var read = new float[] { 9, 9, 9, 9 };
        codec.Decode(sent, read);
        Assert.Equal([0, -4, 2, 0], read);
    }

    [Theory]
    [InlineData("float64")]
    [InlineData("float16:2")]
    [InlineData("topk")]
    [InlineData("topk:0")]
    [InlineData("topk:1.5")]
    [InlineData("topk:NaN")]
    [InlineData("topk:0,1")]
    [InlineData("")]
    public void Parse_OfAnythingElse_NamesTheCodecs(string text) =>
        Assert.Contains("float32, float16, int8, topk:SHARE", Assert.ThrowsAny<UserException>(() => UploadCodecs.Parse(text, Layout)).Message,
            StringComparison.Ordinal);

    /// <summary>How far a number may be off, from the format's own definition.</summary>
    private static double Bound(string name, float[] values, int e)
    {
        if (name == "float32" || name == "topk:1") return 0;
        if (name == "float16") return Math.Max(Math.Abs(values[e]) * Math.Pow(2, -11), Math.Pow(2, -25));
        if (name == "int8")
        {
            int row = e < R * In ? e / In * In : R * In + (e - R * In) / R * R, length = e < R * In ? In : R;
            return values.Skip(row).Take(length).Max(x => Math.Abs((double)x)) / 254 * (1 + 1e-5);
        }
        double[] sizes = [.. values.Select(x => Math.Abs((double)x)).OrderDescending()];
        double least = sizes[name == "topk:0.1" ? 3 : 0];
        return Math.Abs(values[e]) >= least ? 0 : Math.Abs(values[e]);
    }

    /// <summary>Numbers of very different sizes.</summary>
    private static float[] Numbers(ulong seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.TrustWindows);
        return [.. Enumerable.Range(0, Count).Select(e => (float)((random.At(0).Unit(e) - 0.5) * Math.Pow(10, 8 * random.At(1).Unit(e) - 6)))];
    }

    private static byte[] Encode(IUploadCodec codec, float[] values)
    {
        using var stream = new MemoryStream();
        codec.Encode(stream, values);
        return stream.ToArray();
    }

    private static float[] Decode(IUploadCodec codec, byte[] bytes)
    {
        var values = new float[codec is Float16Codec ? bytes.Length / 2 : Count];
        codec.Decode(bytes, values);
        return values;
    }
}
