using LoraCollab.Testing.Damage;

namespace LoraCollab.Borders.Tests;

/// <summary>The trial itself: it sees the faults that are planted in a reader, and damages files as its seed says.</summary>
public sealed class DamagedReadingTests(Specimens specimens)
{
    [Fact]
    public void Trial_OfAReaderThatIsRight_FindsNothing() => Assert.Equal("", Faults(file => throw new UserException($"{file}: it is wrong")));

    [Fact]
    public void Trial_OfAnyOtherException_NamesItsKind() =>
        Assert.Contains("InvalidOperationException", Faults(_ => throw new InvalidOperationException("x")), StringComparison.Ordinal);

    [Fact]
    public void Trial_OfAMessageWithANameOfDotNet_NamesIt() =>
        Assert.Contains("(System.I)", Faults(file => throw new UserException($"{file}: not a System.Int32")), StringComparison.Ordinal);

    [Fact]
    public void Trial_OfAMessageWithoutTheFile_SaysSo() =>
        Assert.Contains("without the file", Faults(_ => throw new UserException("wrong")), StringComparison.Ordinal);

    [Fact]
    public void Trial_OfAReaderThatTakesMuchMemory_SaysHowMuch() =>
        Assert.Contains("600 MB", Faults(_ => GC.KeepAlive(GC.AllocateUninitializedArray<byte>(600 << 20))), StringComparison.Ordinal);

    [Fact]
    public void Trial_OfASlowReader_SaysSo() => Assert.Contains("more than 2 s", Faults(_ => Thread.Sleep(2050), count: 1), StringComparison.Ordinal);

    [Fact]
    public void Trial_OfAReaderThatRefusesTheRightFile_SaysSo() => Assert.Contains("the right file is refused",
        new DamagedReading(Planted(file => throw new UserException($"{file}: no")), specimens, 5).Run(), StringComparison.Ordinal);

    [Theory]
    [InlineData(FileForm.Bytes)]
    [InlineData(FileForm.Lines)]
    [InlineData(FileForm.Json)]
    [InlineData(FileForm.JsonLines)]
    [InlineData(FileForm.Safetensors)]
    public void DamagedFile_OfAForm_FollowsItsSeed(FileForm form)
    {
        byte[] right = File.ReadAllBytes(specimens.At("model", form == FileForm.Safetensors ? "model.safetensors" : "config.json"));
        byte[][] Made(int shift) => [.. Enumerable.Range(shift, 300).Select(seed => DamagedFile.Of(form, right, [right], seed))];
        byte[][] first = Made(0), again = Made(0), other = Made(1000);
        Assert.All(first.Zip(again), pair => Assert.Equal(pair.First, pair.Second));
        Assert.InRange(first.Count(f => !f.AsSpan().SequenceEqual(right)), 250, 300);
        Assert.InRange(first.Zip(other).Count(p => !p.First.AsSpan().SequenceEqual(p.Second)), 250, 300);
    }

    /// <summary>A reader that takes the right file and does something else with every other.</summary>
    private string Faults(Action<string> read, int count = 5)
    {
        byte[] right = File.ReadAllBytes(specimens.At("model", "config.json"));
        return new DamagedReading(Planted(file =>
        {
            if (!File.ReadAllBytes(file).AsSpan().SequenceEqual(right)) read(file);
        }), specimens, count).Run();
    }

    private static ReaderCase Planted(Action<string> read) => new("planted", FileForm.Json, "model/config.json", [], c => read(c.At("model", "config.json")));
}
