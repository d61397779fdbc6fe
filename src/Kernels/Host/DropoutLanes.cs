using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// <see cref="DropoutMask"/> as multipliers (0, or 1/(1 − p)), 64 elements at a time: twice eight blocks of <see cref="Philox"/> side by side, every word of
/// the state in the low half of a 64-bit lane, where the widening multiplication wants it (its upper half may hold anything).
/// </summary>
internal readonly unsafe struct DropoutLanes(DropoutMask mask)
{
    private const int Elements = 64, Rounds = 10;
    private readonly uint _threshold = mask.Threshold, _step = mask.Step, _client = mask.Client, _site = mask.Site, _key0 = mask.Key0, _key1 = mask.Key1;
    private readonly float _scale = mask.Scale;

    public bool IsNone { get; } = mask.IsNone;

    /// <summary>keep[i] = the multiplier of element <paramref name="element"/> + i; ones without dropout.</summary>
    [SkipLocalsInit]
    public void Fill(float* keep, long element, nint count)
    {
        if (IsNone)
        {
            new Span<float>(keep, (int)count).Fill(1);
            return;
        }
        nint i = 0;
        if ((element & 3) != 0)
        {
            nint head = Math.Min(count, (nint)(4 - (element & 3)));
            FillBlock(keep, element, head);
            i = head;
        }
        if (i + Elements <= count) i = FillLanes(keep, element, i, count);
        if (count - i > 12) // where a whole group takes less time than its blocks one by one
        {
            float* group = stackalloc float[Elements];
            FillLanes(group, element + i, 0, Elements);
            Unsafe.CopyBlockUnaligned(keep + i, group, (uint)(count - i) * 4);
            return;
        }
        for (; i < count; i += 4) FillBlock(keep + i, element + i, Math.Min(4, count - i));
    }

    /// <summary>Up to four elements of one block.</summary>
    private void FillBlock(float* keep, long element, nint count)
    {
        var (x0, x1, x2, x3) = Philox.Words((uint)(element >> 2), _step, _client, _site, _key0, _key1);
        for (nint i = 0; i < count; i++)
        {
            uint word = ((element + i) & 3) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
            keep[i] = word >= _threshold ? _scale : 0;
        }
    }

    /// <summary>Whole groups of 64 elements from <paramref name="i"/> on; returns where they end.</summary>
    [SkipLocalsInit]
    private nint FillLanes(float* keep, long element, nint i, nint count)
    {
        ulong* keys = stackalloc ulong[2 * Rounds];
        uint key0 = _key0, key1 = _key1;
        for (int round = 0; round < Rounds; round++, key0 += 0x9E3779B9, key1 += 0xBB67AE85) (keys[2 * round], keys[2 * round + 1]) = (key0, key1);
        Vector512<ulong> step = Vector512.Create((ulong)_step), client = Vector512.Create((ulong)_client), site = Vector512.Create((ulong)_site);
        Vector512<float> scale = Vector512.Create(_scale);
        Vector512<uint> threshold = Vector512.Create(_threshold);
        for (; i + Elements <= count; i += Elements)
        {
            // Blocks in such an order that interleaving neighbouring pairs of lanes puts the elements into theirs. Two independent states hide the
            // multiplication's latency.
            var a0 = Vector512.Create((ulong)(element + i) >> 2) + Vector512.Create(0ul, 4, 1, 5, 2, 6, 3, 7);
            var b0 = a0 + Vector512.Create(8ul);
            Vector512<ulong> a1 = step, a2 = client, a3 = site, b1 = step, b2 = client, b3 = site;
            for (ulong* key = keys; key < keys + 2 * Rounds; key += 2)
            {
                Vector512<ulong> k0 = Vector512.Create(key[0]), k1 = Vector512.Create(key[1]);
                Vector512<ulong> p0 = Multiply(a0, 0xD2511F53), p1 = Multiply(a2, 0xCD9E8D57);
                Vector512<ulong> q0 = Multiply(b0, 0xD2511F53), q1 = Multiply(b2, 0xCD9E8D57);
                a0 = Xor(Vector512.ShiftRightLogical(p1, 32), a1, k0);
                a2 = Xor(Vector512.ShiftRightLogical(p0, 32), a3, k1);
                b0 = Xor(Vector512.ShiftRightLogical(q1, 32), b1, k0);
                b2 = Xor(Vector512.ShiftRightLogical(q0, 32), b3, k1);
                (a1, a3, b1, b3) = (p1, p0, q1, q0);
            }
            Store(keep + i, a0, a1, a2, a3, threshold, scale);
            Store(keep + i + 32, b0, b1, b2, b3, threshold, scale);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        float* keep, Vector512<ulong> c0, Vector512<ulong> c1, Vector512<ulong> c2, Vector512<ulong> c3,
        Vector512<uint> threshold, Vector512<float> scale)
    {
        var low = Vector512.Create(0xFFFFFFFFul);
        var first = (c0 & low) | Vector512.ShiftLeft(c1, 32);
        var second = (c2 & low) | Vector512.ShiftLeft(c3, 32);
        (Vector512.GreaterThanOrEqual(InterleaveLow(first, second).AsUInt32(), threshold).AsSingle() & scale).Store(keep);
        (Vector512.GreaterThanOrEqual(InterleaveHigh(first, second).AsUInt32(), threshold).AsSingle() & scale).Store(keep + 16);
    }

    /// <summary>One instruction where the machine has it; the compiler does not see it by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Xor(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c) =>
        Avx512F.IsSupported ? Avx512F.TernaryLogic(a, b, c, 0x96) : a ^ b ^ c;

    /// <summary>The 64-bit products of the lanes' low halves with <paramref name="factor"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply(Vector512<ulong> a, uint factor) =>
        Avx512F.IsSupported ? Avx512F.Multiply(a.AsUInt32(), Vector512.Create((ulong)factor).AsUInt32())
        : Vector512.Create(Multiply(a.GetLower(), factor), Multiply(a.GetUpper(), factor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Multiply(Vector256<ulong> a, uint factor) =>
        Avx2.IsSupported ? Avx2.Multiply(a.AsUInt32(), Vector256.Create((ulong)factor).AsUInt32())
        : Vector256.Create(Multiply(a.GetLower(), factor), Multiply(a.GetUpper(), factor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> a, uint factor) =>
        Sse2.IsSupported ? Sse2.Multiply(a.AsUInt32(), Vector128.Create((ulong)factor).AsUInt32())
        : AdvSimd.IsSupported ? AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a), Vector64.Create(factor))
        : Vector128.Create((ulong)(uint)a[0] * factor, (ulong)(uint)a[1] * factor);

    /// <summary>Per pair of lanes (a0, b0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> InterleaveLow(Vector512<ulong> a, Vector512<ulong> b) =>
        Avx512F.IsSupported ? Avx512F.UnpackLow(a, b) : Vector512.Create(InterleaveLow(a.GetLower(), b.GetLower()), InterleaveLow(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> InterleaveLow(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported ? Avx2.UnpackLow(a, b)
        : Vector256.Create(Vector128.Create(a[0], b[0]), Vector128.Create(a[2], b[2]));

    /// <summary>Per pair of lanes (a1, b1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> InterleaveHigh(Vector512<ulong> a, Vector512<ulong> b) =>
        Avx512F.IsSupported
        ? Avx512F.UnpackHigh(a, b)
        : Vector512.Create(InterleaveHigh(a.GetLower(), b.GetLower()), InterleaveHigh(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> InterleaveHigh(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported ? Avx2.UnpackHigh(a, b)
        : Vector256.Create(Vector128.Create(a[1], b[1]), Vector128.Create(a[3], b[3]));
}
