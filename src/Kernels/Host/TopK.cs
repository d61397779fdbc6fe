using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// The k largest of a row, descending, of equals the lower index first. The row is dealt to groups; k groups have a maximum that is not below the k-th
/// largest maximum, so neither has the row fewer than k such elements, and seldom many more: only those are sorted.
/// </summary>
internal static unsafe class TopK
{
    /// <summary>Groups for each of the k.</summary>
    private const int GroupsOfK = 3;

    /// <summary>Elements of scratch memory.</summary>
    public static long Scratch(nint count, nint k) => 2 * count + Groups(k);

    /// <param name="z">The row.</param>
    /// <param name="count">Its length, at least k.</param>
    /// <param name="k">How many.</param>
    /// <param name="values">[k].</param>
    /// <param name="ids">[k].</param>
    /// <param name="scratch">See <see cref="Scratch"/>.</param>
    public static void Select(float* z, nint count, nint k, float* values, int* ids, float* scratch)
    {
        var keys = new Span<ulong>(scratch, (int)count);
        int gathered = Gather(keys, z, count, Bar(scratch + 2 * count, z, count, k));
        if (gathered < k)
        {
            // Only NaN is on neither side of a bar.
            gathered = (int)count;
            for (int v = 0; v < gathered; v++) keys[v] = Key(z[v], v);
        }
        keys[..gathered].Sort();
        for (int i = 0; i < k; i++)
        {
            ids[i] = (int)(uint)keys[i];
            values[i] = z[ids[i]];
        }
    }

    private static nint Groups(nint k) => (GroupsOfK * k + 15) & ~15;

    /// <summary>The k-th largest of the groups' maxima.</summary>
    private static float Bar(float* maxima, float* z, nint count, nint k)
    {
        nint groups = Groups(k);
        for (nint g = 0; g < groups; g += 16) Vector512.Create(float.NegativeInfinity).Store(maxima + g);
        nint group = 0;
        for (nint v = 0; v < count; v += 16)
        {
            var values = v + 16 <= count ? Vector512.Load(z + v) : VectorMath.LoadTail(z + v, count - v, float.NegativeInfinity);
            VectorMath.Larger(Vector512.Load(maxima + group), values).Store(maxima + group);
            group = group + 16 < groups ? group + 16 : 0;
        }
        // The largest number that k maxima reach, bit by bit.
        int bar = int.MinValue;
        for (int bit = 31; bit >= 0; bit--)
        {
            int higher = bar + (1 << bit);
            if (Reaching(maxima, groups, Value(higher)) >= k) bar = higher;
        }
        return Value(bar);
    }

    private static int Reaching(float* maxima, nint groups, float bar)
    {
        int reaching = 0;
        for (nint g = 0; g < groups; g += 16) reaching += BitOperations.PopCount(LanesReaching(maxima + g, bar));
        return reaching;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LanesReaching(float* values, float bar) =>
        Vector512.GreaterThanOrEqual(Vector512.Load(values), Vector512.Create(bar)).ExtractMostSignificantBits();

    private static int Gather(Span<ulong> keys, float* z, nint count, float bar)
    {
        int gathered = 0;
        nint v = 0;
        for (; v + 16 <= count; v += 16)
            for (ulong lanes = LanesReaching(z + v, bar); lanes != 0; lanes &= lanes - 1)
            {
                int id = (int)v + BitOperations.TrailingZeroCount(lanes);
                keys[gathered++] = Key(z[id], id);
            }
        for (; v < count; v++)
            if (z[v] >= bar)
                keys[gathered++] = Key(z[v], (int)v);
        return gathered;
    }

    /// <summary>Larger values have smaller keys, and of equal values lower indices; NaN comes last.</summary>
    private static ulong Key(float value, int index) => (ulong)(uint)(float.IsNaN(value) ? -1 : ~Order(value) ^ int.MinValue) << 32 | (uint)index;

    /// <summary>An integer that grows with the value; 0 and −0 are the same.</summary>
    private static int Order(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value + 0f);
        return bits >= 0 ? bits : int.MinValue - bits;
    }

    /// <summary>The value of an <see cref="Order"/>: −∞ below all values, NaN above them.</summary>
    private static float Value(int order) => BitConverter.Int32BitsToSingle(order >= 0 ? order : int.MinValue - Math.Max(order, -0x7F800000));
}
