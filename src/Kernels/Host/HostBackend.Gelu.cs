using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void GeluCore(View y, View x, long n, GeluForm form)
    {
        if (form == GeluForm.Tanh) Map(y, x, x, new GeluValue<TanhShare>(), 20);
        else Map(y, x, x, new GeluValue<NormalShare>(), 20);
    }

    protected override void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form)
    {
        if (form == GeluForm.Tanh) Map(dx, dy, x, new GeluGradient<TanhSlope>(), 24);
        else Map(dx, dy, x, new GeluGradient<NormalSlope>(), 24);
    }

    /// <summary>gelu(x) = x·(½ + r(x)).</summary>
    private readonly struct GeluValue<TCurve> : IElementwise where TCurve : struct, IOddCurve
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> first, Vector512<float> x) => Vector512.FusedMultiplyAdd(x, Odd<TCurve>(x), x * Vector512.Create(0.5f));
    }

    /// <summary>gelu′(x) = ½ + r(x).</summary>
    private readonly struct GeluGradient<TCurve> : IElementwise where TCurve : struct, IOddCurve
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> dy, Vector512<float> x) => Vector512.FusedMultiplyAdd(dy, Odd<TCurve>(x), dy * Vector512.Create(0.5f));
    }

    /// <summary>r(x): ±½ outside the bound, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Odd<TCurve>(Vector512<float> x) where TCurve : struct, IOddCurve
    {
        // the machine's minimum and maximum give their second operand where one is NaN
        var z = Vector512.MinNative(Vector512.Create(TCurve.Bound), Vector512.MaxNative(Vector512.Create(-TCurve.Bound), x));
        var s = z * z;
        return z * TCurve.P(s) / TCurve.Q(s);
    }

    /// <summary>
    /// An odd function r(x) = x·P(x²)/Q(x²) up to the bound, where it is ½ to the bit. The fits themselves are off by less than 10⁻⁸; said at each is
    /// the largest absolute error in float32, over all x.
    /// </summary>
    private interface IOddCurve
    {
        static abstract float Bound { get; }
        static abstract Vector512<float> P(Vector512<float> s);
        static abstract Vector512<float> Q(Vector512<float> s);
    }

    /// <summary>Φ(x) − ½, off by at most 1.8·10⁻⁷.</summary>
    private readonly struct NormalShare : IOddCurve
    {
        public static float Bound => 5.5f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> P(Vector512<float> s) =>
            VectorMath.Polynomial(s, 0.398942232f, 0.033846274f, 0.00467699952f, 0.000168772851f, 6.35312654e-06f, 2.27652368e-08f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Q(Vector512<float> s) =>
            VectorMath.Polynomial(s, 1, 0.251505941f, 0.028642552f, 0.00188416138f, 7.36368602e-05f, 1.19802394e-06f);
    }

    /// <summary>Φ(x) − ½ + x·φ(x), off by at most 2.0·10⁻⁷.</summary>
    private readonly struct NormalSlope : IOddCurve
    {
        public static float Bound => 6.0625f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> P(Vector512<float> s) => VectorMath.Polynomial(
            s, 0.797884524f, -0.0163605288f, 0.013502432f, 0.000315612793f, 3.20195577e-05f, 1.2031071e-06f, 1.35597897e-08f, -2.93333829e-11f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Q(Vector512<float> s) =>
            VectorMath.Polynomial(s, 1, 0.312827915f, 0.0462003611f, 0.00423620827f, 0.000266168412f, 1.12048601e-05f, 3.85795147e-07f);
    }

    /// <summary>½·tanh u, u = √(2/π)·(x + 0.044715·x³), off by at most 1.9·10⁻⁷.</summary>
    private readonly struct TanhShare : IOddCurve
    {
        public static float Bound => 5.125f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> P(Vector512<float> s) =>
            VectorMath.Polynomial(s, 0.398942322f, 0.0303951595f, 0.00362973474f, 0.000133196343f, 7.01152385e-06f, 2.37657005e-08f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Q(Vector512<float> s) =>
            VectorMath.Polynomial(s, 1, 0.243681699f, 0.0243399329f, 0.00129668217f, 7.54890425e-05f, 1.30483772e-06f);
    }

    /// <summary>½·tanh u + ½·x·(1 − tanh² u)·u′, u′ = √(2/π)·(1 + 0.134145·x²), off by at most 2.0·10⁻⁷.</summary>
    private readonly struct TanhSlope : IOddCurve
    {
        public static float Bound => 5.625f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> P(Vector512<float> s) => VectorMath.Polynomial(
            s, 0.797884524f, -0.0498937964f, 0.0134988651f, -0.000288734154f, 2.93150551e-05f, 9.03177764e-08f, 9.94691352e-09f, -3.57260263e-11f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Q(Vector512<float> s) =>
            VectorMath.Polynomial(s, 1, 0.272450268f, 0.031470634f, 0.00174221501f, 0.00012547693f, 4.00614272e-06f, 1.53004237e-07f);
    }
}
