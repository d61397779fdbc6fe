using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    // √(2/π), and 2·√(2/π) with it in: 0.5·(1 + tanh u) = σ(2u) = 1/(1 + exp(−2u)), which keeps its relative precision where tanh u → −1.
    private const float TwoRoot = 1.59576912f, Cubic = 0.044715f, ThreeCubic = 0.134145f;

    protected override void GeluCore(View y, View x, long n, GeluForm form)
    {
        if (form == GeluForm.Tanh) Map(y, x, x, new GeluTanh(), 32);
        else Map(y, x, x, new GeluErf(), 64);
    }

    protected override void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form)
    {
        if (form == GeluForm.Tanh) Map(dx, dy, x, new GeluTanhBackward(), 48);
        else Map(dx, dy, x, new GeluErfBackward(), 80);
    }

    /// <summary>exp(−2u), u = √(2/π)·(x + 0.044715·x³), held below e⁸⁰ so that products with it stay finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpMinusTwoU(Vector512<float> x)
    {
        var inner = Vector512.FusedMultiplyAdd(x * x, Vector512.Create(Cubic), Vector512<float>.One);
        var minusTwoU = x * Vector512.Create(-TwoRoot) * inner;
        return VectorMath.Exp(Vector512.ConditionalSelect(Vector512.GreaterThan(minusTwoU, Vector512.Create(80f)), Vector512.Create(80f), minusTwoU));
    }

    private readonly struct GeluTanh : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> first, Vector512<float> x) => x / (Vector512<float>.One + ExpMinusTwoU(x));
    }

    /// <summary>With σ = σ(2u): gelu′ = σ + x·2σ(1 − σ)·u′, u′ = √(2/π)(1 + 0.134145x²), since 1 − tanh² u = 4σ(1 − σ).</summary>
    private readonly struct GeluTanhBackward : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> dy, Vector512<float> x)
        {
            var e = ExpMinusTwoU(x);
            var sigma = Vector512<float>.One / (Vector512<float>.One + e);
            var twoSlope = Vector512.FusedMultiplyAdd(x * x, Vector512.Create(ThreeCubic), Vector512<float>.One) * Vector512.Create(TwoRoot);
            return dy * Vector512.FusedMultiplyAdd(x * sigma, (e * sigma) * twoSlope, sigma);
        }
    }

    private const float RootHalf = 0.707106769f, RootTwoPi = 0.398942292f;

    /// <summary>Φ(x) = (1 + erf(x/√2))/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Normal(Vector512<float> x) =>
        Vector512.FusedMultiplyAdd(VectorMath.Erf(x * Vector512.Create(RootHalf)), Vector512.Create(0.5f), Vector512.Create(0.5f));

    private readonly struct GeluErf : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> first, Vector512<float> x) => x * Normal(x);
    }

    /// <summary>gelu′ = Φ(x) + x·φ(x), φ(x) = exp(−x²/2)/√(2π).</summary>
    private readonly struct GeluErfBackward : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> dy, Vector512<float> x)
        {
            var density = VectorMath.Exp(x * x * Vector512.Create(-0.5f)) * Vector512.Create(RootTwoPi);
            return dy * Vector512.FusedMultiplyAdd(x, density, Normal(x));
        }
    }
}
