namespace LoraCollab.Federation.Tests;

public sealed class UploadCheckTests
{
    private static readonly float[] Zero = new float[5];

    private static FlatLayout Layout()
    {
        var layout = new FlatLayout();
        layout.Add("first", [2]);
        layout.Add("second", [3]);
        return layout;
    }

    /// <summary>Uploads whose changes have these norms.</summary>
    private static UploadVerdict Judge(double k, params float[] norms) =>
        new UploadCheck(k).Judge(Layout(), [.. norms.Select(n => (float[])[0, 0, n, 0, 0])], [.. norms.Select(_ => Zero)], new int[norms.Length]);

    private static int[] Bad(UploadVerdict verdict) => [.. Enumerable.Range(0, verdict.Faults.Count).Where(i => verdict.Faults[i] is not null)];

    [Theory]
    [InlineData(new[] { 1f, 2, 3, 30.5f }, new[] { 3 })] // the lower of the two in the middle is 2; 10 times that is 20
    [InlineData(new[] { 1f, 2, 3, 20 }, new int[0])]
    [InlineData(new[] { 1f, 2, 30, 31 }, new[] { 2, 3 })]
    [InlineData(new[] { 1f, 10.5f }, new[] { 1 })] // of two the smaller
    [InlineData(new[] { 5f }, new int[0])]
    [InlineData(new[] { 3e38f, 1, 1 }, new[] { 0 })]
    [InlineData(new[] { 1e-30f, 1e-30f, 1 }, new[] { 2 })]
    public void Judge_Norms_FindsThoseBeyondTenMedians(float[] norms, int[] bad) => Assert.Equal(bad, Bad(Judge(10, norms)));

    [Fact]
    public void Judge_TheChange_NotTheAdapter()
    {
        float[][] anchors = [[100, 0, 0, 0, 0], Zero, Zero], uploads = [[101, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 11, 0, 0]];
        var verdict = new UploadCheck(10).Judge(Layout(), uploads, anchors, [0, 0, 0]);
        Assert.Equal([2], Bad(verdict));
        Assert.Contains("norm 11, 11 times the round's median (1); upload norm allows 10 times", verdict.Faults[2]);
        Assert.Equal(1, verdict.Largest);
    }

    [Fact]
    public void Judge_AfterSilence_AllowsAsMuchForEveryRound()
    {
        float[][] uploads = [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [29, 0, 0, 0, 0], [31, 0, 0, 0, 0]];
        var verdict = new UploadCheck(10).Judge(Layout(), uploads, [Zero, Zero, Zero, Zero], [0, 0, 2, 2]);
        Assert.Equal([3], Bad(verdict));
        Assert.Contains("31 times the round's median (1); upload norm allows 30 times", verdict.Faults[3]);
        Assert.Equal(29.0 / 3, verdict.Largest, 1e-12);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Judge_NotFinite_NamesTheTensorAndLeavesItOutOfTheMedian(float value, string text)
    {
        float[][] uploads = [[0, 0, 0, value, 0], [1, 0, 0, 0, 0], [12, 0, 0, 0, 0]];
        var verdict = new UploadCheck(10).Judge(Layout(), uploads, [Zero, Zero, Zero], [0, 0, 0]);
        Assert.Equal($"it sent {text} in second, and all its numbers must be finite", verdict.Faults[0]);
        Assert.Equal([0, 2], Bad(verdict));
        Assert.Contains("the smaller of the round's two", verdict.Faults[2]);
    }

    [Fact]
    public void Judge_HalfOfTheChangesZero_MeasuresNobody()
    {
        var verdict = Judge(10, 0, 0, 5, 7);
        Assert.Empty(Bad(verdict));
        Assert.True(verdict.Unmeasured);
        Assert.False(Judge(10, 0, 1, 1).Unmeasured);
    }
}
