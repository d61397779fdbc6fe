namespace LoraCollab.Federation.Tests;

public sealed class RunRecordTests : IDisposable
{
    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Read_FinishedRun_HoldsWhatWasWritten()
    {
        var summary = SmallRun.Run(SmallRun.Options with { Schemes = ["local", "theoretical", "weights"] }, _run.Settings("a"));
        var record = RunRecord.Read(_run.Folder("a"));
        Assert.Equal(summary.RunId, record.Identity.Id());
        Assert.Equal(["local", "theoretical", "weights"], record.Schemes);
        Assert.Empty(record.RoundsOf("local"));
        Assert.Equal(summary.Schemes["weights"].Trust, record.RoundsOf("weights")[^1].Weights);
        Assert.Equal(summary.Schemes["theoretical"].Trust, record.TheoreticalTrust());
        Assert.Equal(summary.Schemes["weights"].BytesUp, record.Ledger.Where(e => e.Scheme == "weights" && e.Direction == Direction.Up).Sum(e => e.Bytes));
        Assert.Empty(record.Comparators);
        Assert.Empty(record.AfterLocal);
    }

    [Theory]
    [InlineData("summary.json", "has not finished")]
    [InlineData("config.json", "not the folder of a run")]
    [InlineData("manifest.json", "manifest.json")]
    [InlineData("metrics.jsonl", "no line of scheme")]
    public void Read_WithoutAFile_NamesIt(string missing, string expected)
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"] }, _run.Settings("a"));
        File.Delete(Path.Combine(_run.Folder("a"), missing));
        string message = Assert.ThrowsAny<UserException>(() => RunRecord.Read(_run.Folder("a"))).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
        Assert.Contains("no such folder", Assert.ThrowsAny<UserException>(() => RunRecord.Read(_run.Folder("b"))).Message);
    }

    [Fact]
    public void Read_LogCutShort_IsRefused()
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"] }, _run.Settings("a"));
        string trust = Path.Combine(_run.Folder("a"), "trust.jsonl");
        File.WriteAllLines(trust, File.ReadAllLines(trust)[..1]);
        Assert.Contains("1 aggregations of scheme fedavg", Assert.ThrowsAny<UserException>(() => RunRecord.Read(_run.Folder("a"))).Message);
    }

    [Fact]
    public void Read_LogWithADamagedLine_NamesTheLine()
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["fedavg"] }, _run.Settings("a"));
        string metrics = Path.Combine(_run.Folder("a"), "metrics.jsonl");
        string[] lines = File.ReadAllLines(metrics);
        lines[1] = lines[1][..^5];
        File.WriteAllLines(metrics, lines);
        string message = Assert.ThrowsAny<UserException>(() => RunRecord.Read(_run.Folder("a"))).Message;
        Assert.StartsWith($"{metrics}: line 2: ", message);
        Assert.DoesNotContain("LineNumber", message);
    }

    [Fact]
    public void ReadSummary_OfAStoppedRun_SaysThatItGoesOn()
    {
        Directory.CreateDirectory(_run.Folder("a"));
        Assert.Contains("has not finished", Assert.ThrowsAny<UserException>(() => RunFolder.ReadSummary(_run.Folder("a"))).Message);
        Assert.Contains("goes on where it stopped", Assert.ThrowsAny<UserException>(() => RunFolder.ReadSummary(_run.Folder("b"))).Message);
    }

    /// <summary>Its sums are what summary.json says was sent: a ledger that lacks lines would be drawn as less traffic.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    [InlineData(null)]
    public void Read_LedgerThatLacksLines_IsRefused(int? missing)
    {
        SmallRun.Run(SmallRun.Options with { Schemes = ["local", "fedavg"] }, _run.Settings("a"));
        string ledger = Path.Combine(_run.Folder("a"), "ledger.jsonl");
        if (missing is { } lines) File.WriteAllLines(ledger, File.ReadAllLines(ledger).SkipLast(lines));
        else File.Delete(ledger);
        string message = Assert.ThrowsAny<UserException>(() => RunRecord.Read(_run.Folder("a"))).Message;
        Assert.StartsWith(ledger, message);
        Assert.Contains("under scheme fedavg where summary.json has", message);
        Assert.DoesNotContain('\n', message);
    }
}
