using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// <see cref="VectorMath.Sum"/> and <see cref="VectorMath.Max"/> of many rows, four at a time, so that one row need not wait for another's shuffles. The trees,
/// and so the bits, are the same.
/// </summary>
internal static unsafe class Reductions
{
    /// <summary>sums[r] = the sum of lanes[r, 0 … 15]; both are touched up to the next multiple of four rows.</summary>
    public static void Sums(float* sums, float* lanes, nint rows)
    {
        for (nint r = 0; r < rows; r += 4)
        {
            float* v = lanes + r * VectorMath.Lanes;
            var (a, b, c, d) = Transpose.Four(SumOfQuarters(v), SumOfQuarters(v + 16), SumOfQuarters(v + 32), SumOfQuarters(v + 48));
            ((a + c) + (b + d)).Store(sums + r);
        }
    }

    /// <summary>maxima[r] = the largest of lanes[r, 0 … 15]; both are touched up to the next multiple of four rows.</summary>
    public static void Maxima(float* maxima, float* lanes, nint rows)
    {
        for (nint r = 0; r < rows; r += 4)
        {
            float* v = lanes + r * VectorMath.Lanes;
            var (a, b, c, d) = Transpose.Four(LargestOfQuarters(v), LargestOfQuarters(v + 16), LargestOfQuarters(v + 32), LargestOfQuarters(v + 48));
            Larger(Larger(a, c), Larger(b, d)).Store(maxima + r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SumOfQuarters(float* v) =>
        (Vector128.Load(v) + Vector128.Load(v + 8)) + (Vector128.Load(v + 4) + Vector128.Load(v + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LargestOfQuarters(float* v) =>
        Larger(Larger(Vector128.Load(v), Vector128.Load(v + 8)), Larger(Vector128.Load(v + 4), Vector128.Load(v + 12)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Larger(Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(Vector128.GreaterThan(b, a), b, a);
}
