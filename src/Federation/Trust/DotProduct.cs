using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Federation.Trust;

/// <summary>Dot products in double with the same bits on every instruction set: eight lanes, product rounded before the sum, a fixed tree at the end.</summary>
internal static class DotProduct
{
    private const int Lanes = 8;

    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length) throw new ArgumentException($"a dot product of {x.Length} and {y.Length} numbers");
        ref double px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(y);
        var sums = Vector512<double>.Zero;
        int e = 0;
        for (; e <= x.Length - Lanes; e += Lanes)
            sums += Vector512.LoadUnsafe(ref px, (nuint)e) * Vector512.LoadUnsafe(ref py, (nuint)e);
        var four = sums.GetLower() + sums.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        double sum = two[0] + two[1];
        for (; e < x.Length; e++) sum += x[e] * y[e];
        return sum;
    }

    /// <summary>One product after the other, where the bits of a result were fixed by that order.</summary>
    public static double InOrder<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : INumberBase<T>
    {
        double sum = 0;
        for (int e = 0; e < x.Length; e++) sum += double.CreateTruncating(x[e]) * double.CreateTruncating(y[e]);
        return sum;
    }
}
