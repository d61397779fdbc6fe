using System.Diagnostics;
using System.Globalization;

namespace LoraCollab.Report.Tests.Profiles;

public sealed class ProfileTests
{
    private static readonly long s_millisecond = Stopwatch.Frequency / 1000;
    private static readonly Ceilings s_ceilings = new(100e9, "made up", [new(1 << 20, 50e9), new(1 << 28, 10e9)]);

    /// <summary>Forward: a product of 20 ms in two calls and 5 ms outside; backward: a copy of 15 ms in three calls; 10 ms of data.</summary>
    internal static ProfileRecord Made(double scale = 1, int lanes = 1, string? more = null)
    {
        long ms = (long)(s_millisecond * scale);
        var ops = new List<OpTotal>
        {
            new(OpPhase.Forward, "matmul", "h.0", 2, 20 * ms, 8 * ms, 12 * ms, 1_000_000_000, 20_000_000),
            new(OpPhase.Backward, "copy", "h.0", 3, 15 * ms, 5 * ms, 5 * ms, 0, 60_000_000),
        };
        if (more is not null) ops.Add(new OpTotal(OpPhase.Backward, more, "h.0", 1, ms, ms, ms, 10, 10));
        var profile = new OpProfile(lanes, ops, [0, 10 * ms, 5 * ms, 0, 0, 0, 0, 0]).WithoutScopes();
        var (phases, rows) = ProfileRecord.Rows(profile, s_ceilings);
        return new ProfileRecord
        {
            What = "train: made up, 2 steps",
            Device = "nowhere",
            Lanes = lanes,
            Steps = 2,
            TotalMs = profile.Seconds * 1e3,
            Ceilings = ProfileCeilings.Of(s_ceilings, 0.5),
            Cost = new ProfileCost(10, 10.2, 0.02, "made up"),
            Phases = phases,
            Ops = rows,
        };
    }

    [Fact]
    public void Row_OfTwoProducts_HasRatesAndTheShareOfItsBound()
    {
        var row = Made().Ops[0];
        // 0.5e9 FLOPs and 10 MB a call: 5 ms at the peak of 100e9, 1 ms at 10 GB/s; it took 10.
        Assert.Equal(("matmul", 2L, "peak"), (row.Op, row.Count, row.Bound));
        Close([20, 10, 8, 12, 0.4, 50, 1, 50, 0.5],
            [row.TotalMs, row.MeanMs, row.MinMs, row.MaxMs, row.Share, row.GflopS, row.GbS, row.Intensity, row.OfBound]);
        var copy = Made().Ops[1];
        Close([0.3, 0, 4, 0, 0.4], [copy.Share, copy.GflopS, copy.GbS, copy.Intensity, copy.OfBound]);
        Assert.Equal("copy", copy.Bound);
        Assert.Equal(1.0, Made(lanes: 2).Ops[0].OfBound, 1e-9); // half of the machine is twice as slow
    }

    [Fact]
    public void Phases_OfAProfile_AddUpToItsTime()
    {
        var made = Made();
        Assert.Equal([(OpPhase.Data, 10.0, 10.0), (OpPhase.Forward, 25, 5), (OpPhase.Backward, 15, 0)],
            made.Phases.Select(p => (p.Phase, p.TotalMs, p.OutsideMs)));
        Assert.Equal(50, made.TotalMs, 1e-9);
        Assert.Equal(0.3, made.OutsideShare(), 1e-9);
    }

    [Fact]
    public void Table_OfAProfile_ShowsEveryOpAndWhatNoneCovers()
    {
        using var output = new StringWriter();
        ProfileTable.Write(output, Made());
        string[] lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Contains("  matmul                      2   20 ms   10 ms    8 ms   12 ms  40.0 %    1 G   20 M      50     1     50   50 % peak", lines);
        Assert.Contains("  outside kernels                  5 ms                          10.0 %", lines);
        Assert.Contains("outside kernels                   15 ms                          30.0 %", lines);
        Assert.Contains("wall time                         50 ms                         100.0 %", lines);
        Assert.Contains("profiling: a step takes 10 ms without and 10.2 ms with it, +2.00 % (made up)", lines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public void File_WrittenAndRead_IsTheSameProfile()
    {
        using var folder = new TemporaryFolder();
        ProfileFile.Write(folder.At("profile.json"), Made());
        foreach (string path in new[] { folder.Path, folder.At("profile.json") })
        {
            var read = ProfileFile.Read(path);
            Assert.Equal(ProfileFile.Line(Made()), ProfileFile.Line(read));
            Assert.Equal(Made().Ops, read.Ops);
        }
        ProfileFile.WriteCsv(folder.At("profile.csv"), Made());
        string[] lines = File.ReadAllLines(folder.At("profile.csv"));
        Assert.Equal(1 + 2 + 3, lines.Length);
        Assert.StartsWith("forward,matmul,,2,20,10,8,12,0.", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",peak", lines[1], StringComparison.Ordinal);
        Assert.Equal([20.0, 15, 10, 5, 0], lines.Skip(1).Select(line => double.Parse(line.Split(',')[4], CultureInfo.InvariantCulture)).OrderDescending());
    }

    [Theory]
    [InlineData("{}", "not a profile")]
    [InlineData("null", "found null")]
    [InlineData("{\"what\": 3", "not a profile")]
    public void File_OfSomethingElse_IsRefusedByName(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("profile.json"), text);
        var error = Assert.Throws<UserException>(() => ProfileFile.Read(folder.Path));
        Assert.StartsWith(folder.At("profile.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_OfTwoProfiles_MatchesOpsAndTellsTheRatio()
    {
        var rows = ProfileComparison.Rows(Made(), Made(scale: 3, more: "gelu_backward"));
        Assert.Equal(["outside kernels", "matmul", "outside kernels", "copy", "gelu_backward", "outside kernels"], rows.Select(r => r.Op));
        // A step each, two steps a profile.
        Assert.Equal((10.0, 30.0, 3.0), (Math.Round(rows[1].A!.Value, 9), Math.Round(rows[1].B!.Value, 9), Math.Round(rows[1].Ratio!.Value, 9)));
        Assert.Equal((null, null), (rows[4].A, rows[4].Ratio));
        using var output = new StringWriter();
        ProfileComparison.Write(output, Made(), Made(scale: 3, more: "gelu_backward"));
        Assert.Contains("  matmul                       10 ms     30 ms     3.00    40.0 %    39.2 %", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  gelu_backward                    -    1.5 ms        -         -     2.0 %", output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What no op covers can take longer than any op, and still stands last; different work is said to be so.</summary>
    [Fact]
    public void Comparison_OfDifferentWork_IsWarnedOf()
    {
        var train = Made();
        var collab = Made() with { What = "collab: made up, 4 clients, 2 steps" };
        train = train with { Phases = [.. train.Phases.Select(p => p with { OutsideMs = 100 })] };
        Assert.Equal(["outside kernels", "matmul", "outside kernels", "copy", "outside kernels"], ProfileComparison.Rows(train, collab).Select(r => r.Op));
        Assert.False(ProfileComparison.IsSameWork(train, collab));
        Assert.True(ProfileComparison.IsSameWork(train, train with { What = "train: made up, 30 steps", Device = "elsewhere", Steps = 30 }));
        using var output = new StringWriter();
        ProfileComparison.Write(output, train, collab);
        Assert.Contains("A and B did different work", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Places_OfABackwardPass_StandInTheOrderOfTheModelWithASumForEachBlock()
    {
        string[] scopes = ["lm_head", "h.10.mlp.c_proj", "h.10.ln_1", "h.9.attn", "h.9.attn.c_attn", "adamw", "embed", "ln_f"];
        long ms = s_millisecond;
        OpTotal[] ops = [.. scopes.Select((scope, k) => new OpTotal(OpPhase.Backward, "op", scope, 1, (k + 1) * ms, ms, ms, 10, 10))];
        var profile = new OpProfile(1, ops, [0, 0, 0, 0, 0, 0, 0, 0]);
        var (phases, rows) = ProfileRecord.Rows(profile, s_ceilings);
        Assert.Equal(["embed", "h.9.attn.c_attn", "h.9.attn", "h.10.ln_1", "h.10.mlp.c_proj", "ln_f", "lm_head", "adamw"], rows.Select(r => r.Scope));
        using var output = new StringWriter();
        ProfileTable.Write(output, Made() with { TotalMs = profile.Seconds * 1e3, Phases = phases, Ops = rows });
        string[] lines = [.. output.ToString().ReplaceLineEndings("\n").Split('\n').Select(OneSpace)];
        Assert.Contains("h.9, all of it 9 ms 25.0 %", lines);
        Assert.Contains("h.10, all of it 5 ms 13.9 %", lines);
        int first = Array.FindIndex(lines, l => l.StartsWith("h.9.attn.c_attn op", StringComparison.Ordinal));
        Assert.Equal("h.9, all of it 9 ms 25.0 %", lines[first - 1]);

        static string OneSpace(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Folder_WrittenAgain_KeepsNoPictureOfAnEarlierProfile()
    {
        using var folder = new TemporaryFolder();
        MemoryPoint[] points =
            [.. new[] { 1, 2 }.Select(size => new MemoryPoint("batch size", size, new Dictionary<MemoryGroup, long> { [MemoryGroup.Base] = 10_000 }))];
        var withMemory = Made() with { Memory = new ProfileMemory([], 10_000, []) { Against = points } };
        Assert.Equal(["profile.json", "profile.csv", "roofline.png", "roofline.svg", "memory.png", "memory.svg", "trace.json"],
            ProfileFolder.Write(folder.Path, withMemory, []));
        Assert.Equal(["profile.json", "profile.csv", "roofline.png", "roofline.svg", "trace.json"], ProfileFolder.Write(folder.Path, Made(), []));
        Assert.False(File.Exists(folder.At("memory.png")) || File.Exists(folder.At("memory.svg")));
    }

    private static void Close(double[] expected, double[] actual) => Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-9));
}
