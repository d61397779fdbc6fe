namespace LoraCollab.Kernels.Tests.Profiling;

public sealed class CeilingsTests
{
    private static readonly Ceilings s_made = new(100e9, "made up", [new(1_000, 50e9), new(1_000_000, 10e9)]);

    [Theory]
    [InlineData(1e9, 800, 0.01)] // 1e9 FLOPs at 100e9 a second
    [InlineData(8, 800, 1.6e-8)] // 800 bytes at 50e9 a second, where 8 FLOPs would take 8e-11
    [InlineData(0, 2_000, 2e-7)] // the next larger copy: 10e9
    [InlineData(0, 4e6, 4e-4)] // beyond the largest
    public void LeastTime_OfWork_IsTheLongerOfArithmeticAndMemory(double flops, double bytes, double seconds) =>
        Assert.Equal(seconds, s_made.LeastTime(flops, bytes), seconds * 1e-12);

    [Fact]
    public void PerLane_OfTwo_HasHalfOfEverything()
    {
        var half = s_made.PerLane(2);
        Assert.Equal(50e9, half.FlopsPerSecond);
        Assert.Equal([new CopyRate(500, 25e9), new CopyRate(500_000, 5e9)], half.Copies);
    }

    [Fact]
    public void Measured_OnABackend_AreAboveZeroAndFallWithSize()
    {
        using var backend = new ReferenceBackend();
        var found = Ceilings.Measure(backend);
        Assert.True(found.FlopsPerSecond > 1e6, $"{found.FlopsPerSecond}");
        Assert.True(found.Copies[0].BytesPerSecond > 1e6);
        Assert.Equal(found.Copies.OrderByDescending(c => c.BytesPerSecond), found.Copies);
    }
}
