namespace LoraCollab.Federation.Tests;

/// <summary>Whole runs whose uploads are compressed or noised.</summary>
public sealed class UploadRunTests : IDisposable
{
    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("float16", null)]
    [InlineData("int8", null)]
    [InlineData("topk:0.05", null)]
    [InlineData(null, 0.5)]
    [InlineData("topk:0.05", 0.5)]
    public void Run_StoppedAndResumed_GivesTheSameBits(string? upload, double? noise)
    {
        var options = SmallRun.Options with { Schemes = ["fedavg", "validation"], Upload = upload, DpClip = noise is null ? null : 0.3, DpNoise = noise };
        SmallRun.Run(options, _run.Settings("whole"));
        for (int evaluations = 2; evaluations <= 8; evaluations += 2)
        {
            using var stop = new CancellationTokenSource();
            var resumed = _run.Settings("stopped", threads: 2) with { Resume = evaluations > 2 };
            Assert.ThrowsAny<OperationCanceledException>(() => SmallRun.Run(options, resumed, new StopAtSecond(stop), stop.Token));
        }
        SmallRun.Run(options, _run.Settings("stopped") with { Resume = true });
        Assert.Equal(SmallRun.Results(_run.Folder("whole")), SmallRun.Results(_run.Folder("stopped")));
    }

    public static TheoryData<string, string, ExchangeModel> SchemesAndCodecs()
    {
        var data = new TheoryData<string, string, ExchangeModel>();
        foreach (string scheme in StrategyRegistry.Names)
            foreach (string codec in (string[])["float32", "float16", "int8", "topk:0.05"])
                foreach (var model in (ExchangeModel[])[ExchangeModel.Server, ExchangeModel.Peers])
                    if (!(codec.StartsWith("topk", StringComparison.Ordinal) && model == ExchangeModel.Peers)) data.Add(scheme, codec, model);
        return data;
    }

    [Theory]
    [MemberData(nameof(SchemesAndCodecs))]
    public void Ledger_OfEverySchemeAndCodec_IsWhatWasSerialised(string scheme, string codec, ExchangeModel model)
    {
        var options = SmallRun.Options with { Iterations = 5, Schemes = [scheme], Upload = codec, Exchange = model };
        var wire = new Wire();
        var summary = SmallRun.Run(options, _run.Settings("a"), wire).Schemes[scheme];
        var ledger = new RunLog(Path.Combine(_run.Folder("a"), "ledger.jsonl")).Read<LedgerEntry>();
        Assert.Equal(wire.Bytes.Select(b => $"{b.Key} {b.Value.Count} {b.Value.Length}").Order(StringComparer.Ordinal),
            ledger.Select(l => $"{l.Scheme} {l.Iteration} {l.Client} {l.Direction} {l.Payload} {l.Count} {l.Bytes}").Order(StringComparer.Ordinal));
        Assert.Equal(wire.Bytes.Values.Sum(b => b.Length), summary.BytesUp + summary.BytesDown);
        if (scheme == "local") Assert.Empty(wire.Bytes);
        else Assert.All(wire.Bytes.Where(b => b.Key.EndsWith("Up Adapter", StringComparison.Ordinal)),
            b => Assert.Equal(Bytes(codec, scheme == "ffa"), b.Value.Length / b.Value.Count));
    }

    [Fact]
    public void Ledger_WithMixedMoments_CountsThemToo()
    {
        var wire = new Wire();
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"], OptimizerState = OptimizerStateRule.Aggregate }, _run.Settings("a"), wire);
        foreach (string direction in (string[])["Up", "Down"])
            Assert.Equal((1, 2 * Bytes("float32", onlyB: false)),
                (wire.Bytes[$"fedavg 3 0 {direction} Moments"].Count, wire.Bytes[$"fedavg 3 0 {direction} Moments"].Length));
    }

    [Fact]
    public void Run_WithFloat16_EverybodyWorksFromWhatWasRead()
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"], Upload = "float16" }, _run.Settings("a"));
        foreach (int iteration in (int[])[3, 5, 7, 8])
            Assert.All(Round("a", "fedavg", iteration).SelectMany(x => x), x => Assert.Equal((float)(Half)x, x));
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"] }, _run.Settings("b"));
        Assert.Contains(Round("b", "fedavg", 3).SelectMany(x => x), x => (float)(Half)x != x);
        Assert.Equal(Round("b", "fedavg", 3).Select(a => a.Select(x => (float)(Half)x)), Round("a", "fedavg", 3));
    }

    [Fact]
    public void Run_WithTopK_ChangesAsManyNumbersAsAreSent()
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"], Upload = "topk:0.05" }, _run.Settings("a"));
        var sent = Round("a", "fedavg", 3);
        var initial = LoraAdapter.InitialValues(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }, LoraInitialisation.Inputs, 1, 0);
        int k = (int)Math.Ceiling(0.05 * initial.Length);
        Assert.All(sent, a => Assert.InRange(a.Where((x, e) => x != initial[e]).Count(), 1, k));
    }

    [Fact]
    public void Run_WithNoise_StatesItsEpsilonAndFreesLocal()
    {
        var options = SmallRun.Options with { Schemes = ["local", "fedavg"], DpClip = 0.5, DpNoise = 2 };
        var summary = SmallRun.Run(options, _run.Settings("a"));
        Assert.Null(summary.Schemes["local"].Privacy);
        var privacy = summary.Schemes["fedavg"].Privacy!;
        Assert.Equal((4, 0.5, 2, 1e-5), (privacy.Releases, privacy.Clip, privacy.Noise, privacy.Delta));
        // Four releases of σ = 2 are one of σ = 1.
        Assert.Equal(RenyiAccountant.OfGaussian(1, 1, 1e-5).Epsilon, privacy.Epsilon, 1e-9);
        Assert.Contains("client level", privacy.Protects, StringComparison.Ordinal);
        Assert.Equal(privacy, RunFolder.ReadSummary(_run.Folder("a")).Schemes["fedavg"].Privacy);
    }

    [Fact]
    public void Run_WithClipOnly_SendsChangesOfAtMostThatNorm()
    {
        const double Clip = 0.05;
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"], DpClip = Clip, DpNoise = 0 }, _run.Settings("a"));
        var initial = LoraAdapter.InitialValues(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }, LoraInitialisation.Inputs, 1, 0);
        Assert.All(Round("a", "fedavg", 3), a => Assert.Equal(Clip, Math.Sqrt(a.Select((x, e) => Math.Pow((double)x - initial[e], 2)).Sum()), 1e-6));
    }

    [Fact]
    public void Options_OfUploads_LeaveTheIdsOfOtherRunsAlone()
    {
        string Of(CollaborationOptions o) => RunJson.Canonical(o.Resolve());
        Assert.DoesNotContain("upload", Of(SmallRun.Options), StringComparison.Ordinal);
        Assert.DoesNotContain("dp_", Of(SmallRun.Options), StringComparison.Ordinal);
        Assert.Equal(Of(SmallRun.Options), Of(SmallRun.Options with { Upload = "float32" }));
        Assert.Contains("\"dp_delta\":1E-05", Of(SmallRun.Options with { DpClip = 1, DpNoise = 1 }), StringComparison.Ordinal);
    }

    public static TheoryData<CollaborationOptions, string> Bad => new()
    {
        { SmallRun.Options with { Upload = "float8" }, "upload 'float8'" },
        { SmallRun.Options with { Upload = "topk:0.1", Exchange = ExchangeModel.Peers }, "exchange peers" },
        { SmallRun.Options with { DpClip = 1 }, "dp noise" },
        { SmallRun.Options with { Schemes = ["cobo"], DpClip = 1, DpNoise = 1 }, "leave cobo" },
        { SmallRun.Options with { DpNoise = 1 }, "give dp clip" },
        { SmallRun.Options with { DpDelta = 1e-5 }, "dp delta" },
        { SmallRun.Options with { DpClip = 0, DpNoise = 1 }, "dp clip 0" },
        { SmallRun.Options with { DpClip = 1, DpNoise = -0.5 }, "dp noise -0.5" },
        { SmallRun.Options with { DpClip = 1, DpNoise = 1, DpDelta = 0 }, "dp delta 0" },
        { SmallRun.Options with { DpClip = 1, DpNoise = 1, OptimizerState = OptimizerStateRule.Aggregate }, "optimizer state aggregate" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Options_ThatMakeNoRun_AreRefused(CollaborationOptions options, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<UserException>(() => options.Resolve()).Message, StringComparison.Ordinal);

    private float[][] Round(string folder, string scheme, int iteration) => RoundFile.Read(
        Path.Combine(_run.Folder(folder), "rounds", scheme, $"{iteration}.safetensors"),
        LoraLayout.Of(SmallRun.Weights().Config, new LoraOptions { Rank = 2 }), [0, 1, 2, 3]);

    /// <summary>The bytes of one upload by hand: two blocks of 16 channels, c_attn 16 → 48 and c_proj 16 → 16, r = 2.</summary>
    private static long Bytes(string codec, bool onlyB)
    {
        int rowsOfA = onlyB ? 0 : 2 * (2 + 2), rowsOfB = 2 * (48 + 16), numbers = rowsOfA * 16 + rowsOfB * 2;
        return codec switch
        {
            "float32" => 4 * numbers,
            "float16" => 2 * numbers,
            "int8" => numbers + 4 * (rowsOfA + rowsOfB),
            _ => 8 * ((numbers + 19) / 20),
        };
    }

    /// <summary>Stops a run at its second evaluation.</summary>
    private sealed class StopAtSecond(CancellationTokenSource stop) : IRunObserver
    {
        private int _seen;

        public void Evaluated(MetricsLine line)
        {
            if (++_seen == 2) stop.Cancel();
        }

        public void Noted(string note) { }
        public void Advanced(string stage, int iteration, double done) { }
        public void Aggregated(TrustLine line) { }
        public void Finished(string scheme, SchemeSummary summary) { }
    }

    /// <summary>Writes everything that travels to a stream of its own, and adds up what arrives there.</summary>
    private sealed class Wire : IRunObserver
    {
        public Dictionary<string, (int Count, long Length)> Bytes { get; } = [];

        public void Travelled(string scheme, int iteration, int client, Direction direction, Parcel parcel)
        {
            using var stream = new MemoryStream();
            parcel.Write(stream);
            string key = $"{scheme} {iteration} {client} {direction} {parcel.Payload}";
            var (count, length) = Bytes.GetValueOrDefault(key);
            Bytes[key] = (count + 1, length + stream.ToArray().Length);
        }

        public void Noted(string note) { }
        public void Advanced(string stage, int iteration, double done) { }
        public void Evaluated(MetricsLine line) { }
        public void Aggregated(TrustLine line) { }
        public void Finished(string scheme, SchemeSummary summary) { }
    }
}
