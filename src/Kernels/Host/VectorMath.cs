using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// exp, log and sums whose bits are the same on every machine: polynomials of fused multiply-adds over 16 lanes (split into narrower vectors where there are
/// none of 512 bits), coefficients by interpolation in Chebyshev's nodes. A library's versions change with the instruction set and the length of the span.
/// </summary>
internal static unsafe class VectorMath
{
    /// <summary>Lanes of a vector here, and elements of a reduction's first level.</summary>
    public const int Lanes = 16;

    private const float Log2E = 1.44269504f, Ln2High = 0.693147182f, Ln2Low = -1.90465421e-9f;
    private const float Rounder = 12582912f; // 1.5·2²³: adding it leaves the nearest integer in the low bits

    /// <summary>eˣ, at most 1 ulp off; 0 below −104, +∞ above 88.8, NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Selections instead of minimum and maximum: they leave NaN alone.
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-104f)), Vector512.Create(-104f), x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(89f)), Vector512.Create(89f), x);
        // x = n·ln 2 + r, |r| ≤ ln 2 / 2
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(Rounder));
        var n = shifted - Vector512.Create(Rounder);
        var p = ExpOfRest(x, n);
        // 2ⁿ in two factors: n reaches from −150 to 128, beyond what one exponent holds
        var exponent = shifted.AsInt32() - Vector512.Create(Rounder).AsInt32();
        var half = Vector512.ShiftRightArithmetic(exponent, 1);
        var first = Vector512.ShiftLeft(half + Vector512.Create(127), 23).AsSingle();
        var second = Vector512.ShiftLeft(exponent - half + Vector512.Create(127), 23).AsSingle();
        return p * first * second;
    }

    /// <summary>eʳ of r = x − n·ln 2, |r| ≤ ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpOfRest(Vector512<float> x, Vector512<float> n)
    {
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
        // eʳ = 1 + r + r²·(1/2 + r·q(r)), q off by less than 2·10⁻⁸
        return Polynomial(r, 1, 1, 0.5f, 0.166666314f, 0.0416666232f, 0.00835720357f, 0.00139187183f);
    }

    /// <summary>The bits of <see cref="Exp"/> where eˣ is a normal number, for x ≤ 88; 0 below −87.33, NaN stays NaN. About half the work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpFlushed(Vector512<float> x)
    {
        // n + 127 in the low bits is the exponent of 2ⁿ as it is stored
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), Vector512.Create(Rounder + 127));
        var p = ExpOfRest(x, shifted - Vector512.Create(Rounder + 127));
        var power = Vector512.ShiftLeft(shifted.AsInt32(), 23).AsSingle();
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87.33f)), Vector512<float>.Zero, p * power);
    }

    /// <summary>c0 + s·(c1 + s·(c2 + …)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Polynomial(Vector512<float> s, float c0, float c1, float c2, float c3, float c4, float c5)
    {
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(c5), s, Vector512.Create(c4));
        p = Vector512.FusedMultiplyAdd(p, s, Vector512.Create(c3));
        p = Vector512.FusedMultiplyAdd(p, s, Vector512.Create(c2));
        p = Vector512.FusedMultiplyAdd(p, s, Vector512.Create(c1));
        return Vector512.FusedMultiplyAdd(p, s, Vector512.Create(c0));
    }

    /// <inheritdoc cref="Polynomial(Vector512{float}, float, float, float, float, float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Polynomial(Vector512<float> s, float c0, float c1, float c2, float c3, float c4, float c5, float c6) =>
        Vector512.FusedMultiplyAdd(Polynomial(s, c1, c2, c3, c4, c5, c6), s, Vector512.Create(c0));

    /// <inheritdoc cref="Polynomial(Vector512{float}, float, float, float, float, float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Polynomial(Vector512<float> s, float c0, float c1, float c2, float c3, float c4, float c5, float c6, float c7) =>
        Vector512.FusedMultiplyAdd(Polynomial(s, c1, c2, c3, c4, c5, c6, c7), s, Vector512.Create(c0));

    /// <summary>ln x, correctly rounded but for rare ties: in double. −∞ at 0, NaN below.</summary>
    public static Vector512<float> Log(Vector512<float> x)
    {
        var (low, high) = Vector512.Widen(x);
        var y = Vector512.Narrow(Log(low), Log(high));
        y = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512.Create(float.PositiveInfinity)), x, y);
        y = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<float>.Zero), Vector512.Create(float.NegativeInfinity), y);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero), y, Vector512.Create(float.NaN));
    }

    public static float Log(float x) => Log(Vector512.Create(x))[0];

    /// <summary>ln x of positive normal doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Log(Vector512<double> x)
    {
        var exponent = Vector512.ShiftRightArithmetic(x.AsInt64() - Vector512.Create(BitConverter.DoubleToInt64Bits(0.7071067811865476)), 52);
        var m = (x.AsInt64() - Vector512.ShiftLeft(exponent, 52)).AsDouble();
        // m in [√½, √2): ln m = 2·artanh s = 2s·(1 + t/3 + t²/5 + …), s = (m − 1)/(m + 1), t = s² ≤ 0.0295: nine terms leave 10⁻¹⁵
        var one = Vector512<double>.One;
        Vector512<double> s = (m - one) / (m + one), t = s * s, t2 = t * t, t4 = t2 * t2;
        var low = one + t * (1.0 / 3) + t2 * (Vector512.Create(1.0 / 5) + t * (1.0 / 7));
        var high = Vector512.Create(1.0 / 9) + t * (1.0 / 11) + t2 * (Vector512.Create(1.0 / 13) + t * (1.0 / 15)) + t4 * (1.0 / 17);
        return s * 2 * (low + t4 * high) + Vector512.ConvertToDouble(exponent) * 0.6931471805599453;
    }

    /// <summary>The sum of the 16 lanes by halves: (0+8, 1+9, …), then fours, twos, one. The same tree whatever the vectors are made of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> v)
    {
        var eight = v.GetLower() + v.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>Σ x·y: lane i mod 16 is one chain of i, then <see cref="Sum"/>.</summary>
    public static float Dot(float* x, float* y, nint count) => Sum(DotLanes(x, y, count));

    /// <summary>The chains of <see cref="Dot"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> DotLanes(float* x, float* y, nint count)
    {
        var sum = Vector512<float>.Zero;
        nint i = 0;
        for (; i + 16 <= count; i += 16) sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), sum);
        return i == count ? sum : Vector512.FusedMultiplyAdd(LoadTail(x + i, count - i), LoadTail(y + i, count - i), sum);
    }

    /// <summary>The largest lane; NaN never wins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> v)
    {
        var eight = Larger(v.GetLower(), v.GetUpper());
        var four = Vector128.ConditionalSelect(Vector128.GreaterThan(eight.GetUpper(), eight.GetLower()), eight.GetUpper(), eight.GetLower());
        float a = four[0] > four[2] ? four[0] : four[2], b = four[1] > four[3] ? four[1] : four[3];
        return a > b ? a : b;
    }

    /// <summary>Per lane b where it is larger than a, else a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Larger(Vector512<float> a, Vector512<float> b) => Vector512.ConditionalSelect(Vector512.GreaterThan(b, a), b, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Larger(Vector256<float> a, Vector256<float> b) => Vector256.ConditionalSelect(Vector256.GreaterThan(b, a), b, a);

    /// <summary>0, 1, …, 15.</summary>
    public static Vector512<float> LaneNumbers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    }

    /// <summary>
    /// The first <paramref name="count"/> elements, all lanes from 16 on, and <paramref name="fill"/> in the others. Reads past them, as
    /// <see cref="AlignedMemory"/> allows: a call would send every accumulator of the loop before it to the stack.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadTail(float* source, nint count, float fill = 0) =>
        Vector512.ConditionalSelect(Vector512.LessThan(LaneNumbers, Vector512.Create((float)count)), Vector512.Load(source), Vector512.Create(fill));

    /// <summary>Writes the first <paramref name="count"/> &lt; 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    public static void StoreTail(Vector512<float> value, float* target, nint count)
    {
        float* lanes = stackalloc float[Lanes];
        value.Store(lanes);
        for (nint i = 0; i < count; i++) target[i] = lanes[i];
    }
}
