using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// <see cref="DropoutMask"/> as multipliers (0, or 1/(1 − p)), 32 elements at a time: eight blocks of <see cref="Philox"/> side by side, every word of the state in the low
/// half of a 64-bit lane, where the widening multiplication wants it (its upper half may hold anything).
/// </summary>
internal readonly unsafe struct DropoutLanes(DropoutMask mask)
{
    private const int Elements = 32;
    private readonly uint _threshold = mask.Threshold, _step = mask.Step, _client = mask.Client, _site = mask.Site, _key0 = mask.Key0, _key1 = mask.Key1;
    private readonly float _scale = mask.Scale;

    public bool IsNone { get; } = mask.IsNone;

    /// <summary>keep[i] = the multiplier of element <paramref name="element"/> + i; ones without dropout.</summary>
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
        for (; i + Elements <= count; i += Elements) FillLanes(keep + i, (ulong)(element + i) >> 2);
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

    private void FillLanes(float* keep, ulong block)
    {
        // Blocks in such an order that interleaving neighbouring pairs of lanes puts the elements into theirs.
        var c0 = Vector512.Create(block) + Vector512.Create(0ul, 4, 1, 5, 2, 6, 3, 7);
        var c1 = Vector512.Create((ulong)_step);
        var c2 = Vector512.Create((ulong)_client);
        var c3 = Vector512.Create((ulong)_site);
        uint key0 = _key0, key1 = _key1;
        for (int round = 0; round < 10; round++, key0 += 0x9E3779B9, key1 += 0xBB67AE85)
        {
            var p0 = Multiply(c0, 0xD2511F53);
            var p1 = Multiply(c2, 0xCD9E8D57);
            c0 = Vector512.ShiftRightLogical(p1, 32) ^ c1 ^ Vector512.Create((ulong)key0);
            c1 = p1;
            c2 = Vector512.ShiftRightLogical(p0, 32) ^ c3 ^ Vector512.Create((ulong)key1);
            c3 = p0;
        }
        var low = Vector512.Create(0xFFFFFFFFul);
        var first = (c0 & low) | Vector512.ShiftLeft(c1, 32);
        var second = (c2 & low) | Vector512.ShiftLeft(c3, 32);
        Keep(InterleaveLow(first, second)).Store(keep);
        Keep(InterleaveHigh(first, second)).Store(keep + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Keep(Vector512<ulong> words) =>
        Vector512.GreaterThanOrEqual(words.AsUInt32(), Vector512.Create(_threshold)).AsSingle() & Vector512.Create(_scale);

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
        Avx512F.IsSupported ? Avx512F.UnpackHigh(a, b) : Vector512.Create(InterleaveHigh(a.GetLower(), b.GetLower()), InterleaveHigh(a.GetUpper(), b.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> InterleaveHigh(Vector256<ulong> a, Vector256<ulong> b) =>
        Avx2.IsSupported ? Avx2.UnpackHigh(a, b)
        : Vector256.Create(Vector128.Create(a[1], b[1]), Vector128.Create(a[3], b[3]));
}
