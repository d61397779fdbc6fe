namespace LoraCollab.Kernels.Tests;

public sealed class MemoryTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void Slice_OfASlice_CountsFromTheBuffer()
    {
        var part = _backend.Allocate("wte", 10).Slice(3, 6).Slice(2, 4);
        Assert.Equal((5, 4), (part.Offset, part.Length));
        Assert.Equal("wte[5..9]", part.ToString());
    }

    [Theory, InlineData(-1, 2), InlineData(0, 7), InlineData(5, 2), InlineData(7, 0), InlineData(2, -1), InlineData(1, long.MaxValue)]
    public void Slice_ThatLeavesTheView_NamesBufferAndRange(long offset, long length)
    {
        var view = _backend.Allocate("wte", 10).Slice(2, 6);
        var ids = _backend.AllocateInts("ids", 10).Slice(2, 6);
        Assert.Contains("wte[2..8]", Assert.Throws<ArgumentOutOfRangeException>(() => view.Slice(offset, length)).Message);
        Assert.Contains("ids[2..8]", Assert.Throws<ArgumentOutOfRangeException>(() => ids.Slice(offset, length)).Message);
    }

    [Theory, InlineData(-1, 2), InlineData(0, 11), InlineData(11, 0), InlineData(1, long.MaxValue)]
    public void View_OutsideItsBuffer_IsRefused(long offset, long length)
    {
        var buffer = _backend.Allocate("wte", 10).Buffer;
        Assert.Contains("wte", Assert.Throws<ArgumentOutOfRangeException>(() => new View(buffer, offset, length)).Message);
        Assert.Contains("wte", Assert.Throws<ArgumentOutOfRangeException>(() => new IntView(buffer, offset, length)).Message);
    }

    [Fact]
    public void Overlaps_OfNeighboursEmptyViewsAndOtherBuffers_IsFalse()
    {
        var all = _backend.Allocate("a", 10);
        Assert.True(all.Slice(0, 6).Overlaps(all.Slice(5, 5)));
        Assert.True(all.Overlaps(all.Slice(3, 1)));
        Assert.False(all.Slice(0, 5).Overlaps(all.Slice(5, 5)));
        Assert.False(all.Overlaps(all.Slice(3, 0)));
        Assert.False(all.Overlaps(default));
        Assert.False(all.Overlaps(_backend.Allocate("b", 10)));
        Assert.True(all.Slice(2, 3).IsSameAs(all.Slice(1, 5).Slice(1, 3)));
        Assert.False(all.Slice(2, 3).IsSameAs(all.Slice(2, 4)));
    }

    [Fact]
    public void View_ByDefault_IsEmptyAndSaysSo()
    {
        Assert.True(default(View).IsEmpty);
        Assert.Equal("(no tensor)", default(View).ToString());
        Assert.True(default(IntView).IsEmpty);
        Assert.Equal("(no ids)", default(IntView).ToString());
    }

    [Fact]
    public void FlatLayout_OfThreeTensors_LaysThemWithoutGaps()
    {
        var layout = new FlatLayout().Add("a", 2, 3).Add("b", 5).Add("scalar");
        Assert.Equal([0L, 6L, 11L], layout.Entries.Select(e => e.Offset));
        Assert.Equal(12, layout.Length);
        Assert.Equal([2, 3], layout["a"].Shape);

        var flat = _backend.Allocate("adapter", layout.Length);
        Assert.Equal("adapter[6..11]", layout.Of(flat, "b").ToString());
        Span<float> copy = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        Assert.Equal([6f, 7f, 8f, 9f, 10f], layout.Of(copy, "b").ToArray());
    }

    [Fact]
    public void FlatLayout_WithWrongNames_NamesTheTensor()
    {
        var layout = new FlatLayout().Add("a", 2);
        Assert.True(layout.Contains("a"));
        Assert.False(layout.Contains("b"));
        Assert.Contains("tensor a", Assert.Throws<ArgumentException>(() => layout.Add("a", 3)).Message);
        Assert.Contains("tensor b", Assert.Throws<KeyNotFoundException>(() => layout["b"]).Message);
        Assert.Equal(2, layout.Length);
    }

    [Fact]
    public void Matrix_OverAViewOfAnotherSize_NamesBothSizes()
    {
        string message = Assert.Throws<ArgumentException>(() => Matrix.Dense("c_attn", _backend.Allocate("w", 11), 3, 4)).Message;
        Assert.Contains("c_attn", message);
        Assert.Contains("12", message);
        Assert.Contains("11", message);
    }
}
