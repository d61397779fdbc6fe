namespace LoraCollab.Federation.Adapters;

/// <summary>Angles between the clients' updates ΔW = s·B·A in degrees, from the factors: 0 the same direction, 90 nothing in common, 180 opposite.</summary>
/// <param name="Target">The adapted layer, h.3.attn.c_attn; null for all of them together.</param>
/// <param name="Degrees">[N][N]; NaN with a client whose update is zero.</param>
public sealed record UpdateAngles(string? Target, double[][] Degrees)
{
    /// <summary>All pairs of two different clients.</summary>
    public IEnumerable<double> Pairs => Degrees.SelectMany((row, i) => row.Take(i)).Where(double.IsFinite);

    /// <summary>Of all targets together, then one by one.</summary>
    /// <param name="adapters">[N][parameters].</param>
    public static IReadOnlyList<UpdateAngles> Of(AdapterShape shape, IReadOnlyList<float[]> adapters) =>
    [
        new(null, Between(shape, adapters)),
        .. shape.Targets.Select(t => new UpdateAngles(TensorNames.Short(t.Name), Between(Alone(t, shape.Scale), [.. adapters.Select(a => Cut(a, t))]))),
    ];

    private static double[][] Between(AdapterShape shape, IReadOnlyList<float[]> adapters)
    {
        LowRankUpdate[] updates = [.. adapters.Select(a => new LowRankUpdate(shape).Add(1, AdapterFactors.Of(shape, a)))];
        double[] norms = Array.ConvertAll(updates, u => u.Norm());
        return SymmetricMatrix.Build(updates.Length, diagonal: 0, (i, j) =>
            double.RadiansToDegrees(Math.Acos(Math.Clamp(updates[i].Inner(updates[j]) / (norms[i] * norms[j]), -1, 1))));
    }

    /// <summary>The shape of an adapter with this target only.</summary>
    private static AdapterShape Alone(AdapterTarget target, double scale) => new([target with { AOffset = 0, BOffset = target.Rank * target.IC }], scale);

    private static float[] Cut(float[] adapter, AdapterTarget target) =>
        [.. adapter.AsSpan(target.AOffset, target.Rank * target.IC), .. adapter.AsSpan(target.BOffset, target.Rank * target.OC)];
}
