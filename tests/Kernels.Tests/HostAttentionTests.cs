namespace LoraCollab.Kernels.Tests;

public sealed class HostAttentionTests
{
    [Fact]
    public void Attention_ScoresBeyondTheRoundingOfTheirMaximum_StayAProbability()
    {
        const int T = 2, HS = 32;
        using var host = new HostBackend(1);
        View qkv = host.Allocate("qkv", T * 3 * HS), y = host.Allocate("y", T * HS), lse = host.Allocate("lse", T);
        var values = new float[T * 3 * HS];
        // The second position's scores are neighbours in float32, and yet the softmax of scores/√32 is 1 and 0.
        values[3 * HS] = 1;
        (values[HS], values[4 * HS]) = (16217145344f, 16217144320f);
        (values[2 * HS], values[5 * HS]) = (3, 5);
        host.Write(qkv, values);
        host.Attention(y, lse, qkv, new AttentionShape(1, T, 1, HS), DropoutMask.None);
        float[] attended = new float[T * HS], sums = new float[T];
        host.Download(attended.AsSpan(), y);
        host.Download(sums.AsSpan(), lse);
        Assert.Equal(3, attended[HS]);
        Assert.All(sums, s => Assert.True(float.IsFinite(s)));
    }
}
