namespace LoraCollab.Kernels.Cases;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Attention()
    {
        (int, int, int, int)[] tiny = [(1, 1, 1, 1), (1, 2, 1, 7), (2, 5, 3, 8), (1, 17, 2, 17), (2, 17, 1, 16), (1, 33, 3, 4), (1, 65, 1, 33), (1, 9, 1, 64)];
        foreach (var (b, t, nh, hs) in tiny)
            foreach (double dropout in new[] { 0, 0.3 })
                yield return Attention(new AttentionShape(b, t, nh, hs), dropout, CaseSize.Tiny);

        yield return Attention(new AttentionShape(1, 7, 1, 8), 0, CaseSize.Tiny, scale: 8); // scores of some hundreds
        yield return Attention(new AttentionShape(2, 133, 3, 64), 0.1, CaseSize.Spanning);
        yield return Attention(new AttentionShape(1, 259, 2, 20), 0, CaseSize.Spanning);
        yield return Attention(new AttentionShape(4, 64, 12, 64), 0, CaseSize.Large);
        yield return Attention(new AttentionShape(1, 1024, 12, 64), 0, CaseSize.Large);
        yield return Attention(new AttentionShape(4, 64, 12, 64), 0.1, CaseSize.Large);
    }

    private static OpCase Attention(AttentionShape s, double dropout, CaseSize size, double scale = 1)
    {
        string label = $"attention B{s.B} T{s.T} NH{s.NH} HS{s.HS}{Label(dropout)}{(scale > 1 ? " large scores" : "")}";
        var mask = Mask(dropout);
        // exp turns an absolute error of the score into a relative one of the probability.
        return new OpCase(label, scale > 1 ? 1e-4 : 4e-6, size)
            .Output("y", s.Rows * s.C).Output("lse", s.Rows * s.NH).Input("qkv", 3 * s.Rows * s.C, scale)
            .Input("dy", s.Rows * s.C).Output("dqkv", 3 * s.Rows * s.C)
            .Forward(nameof(ComputeBackend.Attention), (k, o) => k.Attention(o["y"], o["lse"], o["qkv"], s, mask))
            .Backward(nameof(ComputeBackend.AttentionBackward), (k, o) => k.AttentionBackward(o["dqkv"], o["dy"], o["qkv"], o["y"], o["lse"], s, mask))
            .LossOf("y", "dy").Gradient("qkv", "dqkv");
    }

    private static IEnumerable<OpCase> AttentionCached()
    {
        yield return AttentionCached(capacity: 1, position: 0, count: 1, nh: 1, hs: 1, CaseSize.Tiny);
        yield return AttentionCached(capacity: 8, position: 0, count: 5, nh: 2, hs: 7, CaseSize.Tiny);
        yield return AttentionCached(capacity: 9, position: 4, count: 1, nh: 3, hs: 17, CaseSize.Tiny);
        yield return AttentionCached(capacity: 40, position: 16, count: 17, nh: 2, hs: 8, CaseSize.Tiny);
        yield return AttentionCached(capacity: 65, position: 64, count: 1, nh: 2, hs: 33, CaseSize.Tiny);
        yield return AttentionCached(capacity: 300, position: 131, count: 130, nh: 3, hs: 64, CaseSize.Spanning);
        yield return AttentionCached(capacity: 1024, position: 512, count: 1, nh: 12, hs: 64, CaseSize.Large);
    }

    private static OpCase AttentionCached(int capacity, int position, int count, int nh, int hs, CaseSize size) =>
        new OpCase($"attention cached {position}+{count} of {capacity} NH{nh} HS{hs}", 4e-6, size)
            .Output("y", count * nh * hs).Updated("keys", capacity * nh * hs).Updated("values", capacity * nh * hs).Input("qkv", 3 * count * nh * hs)
            .Forward(nameof(ComputeBackend.AttentionCached), (k, o) => k.AttentionCached(o["y"], o["keys"], o["values"], o["qkv"], position, count, nh, hs));
}
