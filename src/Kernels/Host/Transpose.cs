using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// Turns rows into columns in blocks of 4 × 4 kept in registers. They go in squares of 16 × 16, and within a square in the order that finishes whole cache
/// lines on the side whose rows lie far apart: there lines fall on each other's places in the cache and would not wait.
/// </summary>
internal static unsafe class Transpose
{
    /// <summary>
    /// destination[k][lane] = source[lane][k] for lanes × depth elements, the source's rows far apart; the columns from <paramref name="lanes"/> up to
    /// <paramref name="width"/> become zero.
    /// </summary>
    /// <param name="destination">[depth][width].</param>
    /// <param name="width">Elements from one k to the next; at least lanes.</param>
    /// <param name="source">[lanes][depth], rows at stride <paramref name="stride"/>.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="lanes">Rows of the source.</param>
    /// <param name="depth">Columns of the source.</param>
    public static void Lanes(float* destination, nint width, float* source, nint stride, nint lanes, nint depth)
    {
        nint wholeLanes = lanes & ~15, wholeDepth = depth & ~15;
        for (nint k = 0; k < wholeDepth; k += 16)
            for (nint lane = 0; lane < wholeLanes; lane += 16)
                if (Avx512F.IsSupported) Square(destination + k * width + lane, width, source + lane * stride + k, stride);
                else
                    for (nint i = 0; i < 16; i += 4)
                        for (nint e = 0; e < 16; e += 4)
                            Block(destination + (k + e) * width + lane + i, width, source + (lane + i) * stride + k + e, stride);
        Edges(destination, width, source, stride, lanes, depth);
        for (nint lane = lanes; lane < width; lane++)
            for (nint k = 0; k < depth; k++)
                destination[k * width + lane] = 0;
    }

    /// <summary>destination[c][r] = source[r][c] for rows × columns elements, the destination's rows far apart.</summary>
    public static void Rows(float* destination, nint destinationStride, float* source, nint sourceStride, nint rows, nint columns)
    {
        nint wholeRows = rows & ~15, wholeColumns = columns & ~15;
        for (nint r = 0; r < wholeRows; r += 16)
            for (nint c = 0; c < wholeColumns; c += 16)
                if (Avx512F.IsSupported) Square(destination + c * destinationStride + r, destinationStride, source + r * sourceStride + c, sourceStride);
                else
                    for (nint e = 0; e < 16; e += 4)
                        for (nint i = 0; i < 16; i += 4)
                            Block(destination + (c + e) * destinationStride + r + i, destinationStride, source + (r + i) * sourceStride + c + e, sourceStride);
        Edges(destination, destinationStride, source, sourceStride, rows, columns);
    }

    /// <summary>What whole squares leave over: the columns right of them, then the rows below.</summary>
    private static void Edges(float* destination, nint destinationStride, float* source, nint sourceStride, nint rows, nint columns)
    {
        nint wholeRows = rows & ~15, wholeColumns = columns & ~15;
        Strip(destination, destinationStride, source, sourceStride, 0, wholeRows, wholeColumns, columns);
        Strip(destination, destinationStride, source, sourceStride, wholeRows, rows, 0, columns);
    }

    private static void Strip(
        float* destination, nint destinationStride, float* source, nint sourceStride, nint rowFrom, nint rowTo, nint columnFrom, nint columnTo)
    {
        nint r = rowFrom;
        for (; r + 4 <= rowTo; r += 4)
        {
            float* s = source + r * sourceStride + columnFrom;
            float* d = destination + columnFrom * destinationStride + r;
            nint c = columnFrom;
            for (; c + 4 <= columnTo; c += 4, s += 4, d += 4 * destinationStride) Block(d, destinationStride, s, sourceStride);
            for (; c < columnTo; c++, s++, d += destinationStride) Vector128.Create(s[0], s[sourceStride], s[2 * sourceStride], s[3 * sourceStride]).Store(d);
        }
        for (; r < rowTo; r++)
            for (nint c = columnFrom; c < columnTo; c++)
                destination[c * destinationStride + r] = source[r * sourceStride + c];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* d, nint width, float* s, nint stride)
    {
        var r0 = Vector128.Load(s);
        var r1 = Vector128.Load(s + stride);
        var r2 = Vector128.Load(s + 2 * stride);
        var r3 = Vector128.Load(s + 3 * stride);
        (r0, r1, r2, r3) = Four(r0, r1, r2, r3);
        r0.Store(d);
        r1.Store(d + width);
        r2.Store(d + 2 * width);
        r3.Store(d + 3 * width);
    }

    /// <summary>16 × 16 in registers: first 4 × 4 blocks within quarters of vectors, then quarters.</summary>
    private static void Square(float* d, nint width, float* s, nint stride)
    {
        var (a0, a1, a2, a3) = Blocks(s, stride);
        var (b0, b1, b2, b3) = Blocks(s + 4 * stride, stride);
        var (c0, c1, c2, c3) = Blocks(s + 8 * stride, stride);
        var (e0, e1, e2, e3) = Blocks(s + 12 * stride, stride);
        Quarters(d, 4 * width, a0, b0, c0, e0);
        Quarters(d + width, 4 * width, a1, b1, c1, e1);
        Quarters(d + 2 * width, 4 * width, a2, b2, c2, e2);
        Quarters(d + 3 * width, 4 * width, a3, b3, c3, e3);
    }

    /// <summary>Four rows of sixteen: quarter q of result k holds column 4q + k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Blocks(float* s, nint stride)
    {
        Vector512<float> r0 = Vector512.Load(s), r1 = Vector512.Load(s + stride), r2 = Vector512.Load(s + 2 * stride), r3 = Vector512.Load(s + 3 * stride);
        var (a, b, c, e) = (Avx512F.UnpackLow(r0, r2), Avx512F.UnpackHigh(r0, r2), Avx512F.UnpackLow(r1, r3), Avx512F.UnpackHigh(r1, r3));
        return (Avx512F.UnpackLow(a, c), Avx512F.UnpackHigh(a, c), Avx512F.UnpackLow(b, e), Avx512F.UnpackHigh(b, e));
    }

    /// <summary>Row q of the result is quarter q of a, b, c and e.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(float* d, nint width, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> e)
    {
        Vector512<float> ab = Avx512F.Shuffle4x128(a, b, 0x44), ce = Avx512F.Shuffle4x128(c, e, 0x44);
        Avx512F.Shuffle4x128(ab, ce, 0x88).Store(d);
        Avx512F.Shuffle4x128(ab, ce, 0xDD).Store(d + width);
        (ab, ce) = (Avx512F.Shuffle4x128(a, b, 0xEE), Avx512F.Shuffle4x128(c, e, 0xEE));
        Avx512F.Shuffle4x128(ab, ce, 0x88).Store(d + 2 * width);
        Avx512F.Shuffle4x128(ab, ce, 0xDD).Store(d + 3 * width);
    }

    /// <summary>Four rows become four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float>, Vector128<float>, Vector128<float>, Vector128<float>) Four(
        Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3)
    {
        var (a, b, c, e) = (Low(r0, r2), High(r0, r2), Low(r1, r3), High(r1, r3));
        return (Low(a, c), High(a, c), Low(b, e), High(b, e));
    }

    /// <summary>(a0, b0, a1, b1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>(a2, b2, a3, b3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
