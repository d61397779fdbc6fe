namespace LoraCollab.Kernels.Tests;

public sealed unsafe class HostTopKTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 8)]
    [InlineData(33, 33)]
    [InlineData(1024, 100)]
    [InlineData(5003, 7)]
    public void Select_RowsOfAnyKind_GivesTheStableDescendingOrder(int count, int k)
    {
        var random = new Random(5);
        float[][] rows =
        [
            [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)],
            [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(3) - 1)],
            [.. Enumerable.Range(0, count).Select(_ => -1f / random.Next(3))],
            [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 0f : -0f)],
            [.. Enumerable.Repeat(float.NegativeInfinity, count)],
            [.. Enumerable.Range(0, count).Select(i => (float)i)],
            [.. Enumerable.Range(0, count).Select(i => (float)-i)],
        ];
        foreach (float[] z in rows) Assert.Equal(Expected(z, k), Select(z, k));
    }

    [Fact]
    public void Select_NaN_ComesAfterEverything()
    {
        float[] z = [float.NaN, 1, float.NaN, 3, 2];
        Assert.Equal([3, 4, 1, 0], Select(z, 4));
    }

    private static int[] Expected(float[] z, int k) => [.. Enumerable.Range(0, z.Length).OrderByDescending(i => z[i]).ThenBy(i => i).Take(k)];

    private static int[] Select(float[] z, int k)
    {
        var (ids, values) = (new int[k], new float[k]);
        using HostBuffer row = new("row", z.Length), scratch = new("scratch", TopK.Scratch(z.Length, k));
        z.CopyTo(new Span<float>(row.Reals, z.Length));
        fixed (float* found = values)
        fixed (int* places = ids)
            TopK.Select(row.Reals, z.Length, k, found, places, scratch.Reals);
        Assert.Equal(ids.Select(i => z[i]), values);
        return ids;
    }
}
