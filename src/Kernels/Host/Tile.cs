using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// The one place where multiplications happen: a block of C of up to <see cref="Rows"/> rows × <see cref="Width"/> lanes is held in registers while the sum
/// runs. C[r, n] (=, +=) Σ_k A[r, k]·B[k, n], k ascending, one chain of fused multiply-adds per element: the same bits at every width, tile size and block of
/// k.
/// <para>A comes in chunks of Width consecutive k: element (r, k) at a[k / Width · chunk + r·Width + k mod Width]. That is how a weight's panels lie (chunk =
/// IC·Width), and how a strip of plain rows is copied. Or it is a panel like B, read across. B is one panel: element (k, n) at b[k·Width + n].</para>
/// <para>AVX-512 holds 12 × 32 in 24 of its 32 registers; AVX2 6 × 16 in 12 of 16; 128-bit NEON the same 6 × 16 in 24 of 32. Fewer rows have smaller tiles,
/// which still hide the latency of the multiply-add; up to 16 lanes take the narrow tile everywhere.</para>
/// </summary>
internal static unsafe partial class Tile
{
    /// <summary>Lanes of a tile: columns of a panel, and k in a chunk.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? 32 : 16;
    }

    /// <summary>Rows of a full tile.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? 12 : 6;
    }

    /// <summary>
    /// C[rows, Width] (=, +=) A·B (+ bias). Rows of A up to the next multiple of 4 are read (6 on a full narrow tile); what they hold does not matter.
    /// </summary>
    /// <param name="c">First element of C.</param>
    /// <param name="stride">Elements from one row of C to the next.</param>
    /// <param name="rows">1 … <see cref="Rows"/>.</param>
    /// <param name="lanes">Columns to write; B has Width of them all the same.</param>
    /// <param name="a">Chunks of A.</param>
    /// <param name="chunk">Elements from one chunk of A to the next.</param>
    /// <param name="b">A panel of B.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="accumulate">The chain begins at the old C instead of zero.</param>
    /// <param name="bias">Added last, [Width], or null.</param>
    /// <param name="ahead">What to bring into the cache meanwhile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(
        float* c, nint stride, nint rows, nint lanes, float* a, nint chunk, float* b, nint depth, bool accumulate, float* bias, Ahead ahead) =>
        Any<Along>(c, stride, rows, lanes, a, chunk, b, depth, accumulate, bias, ahead);

    /// <summary>
    /// C[rows, Width] (=, +=) Aᵀ·B, where A is a panel like B: element (k, r) at a[k·Width + r]. Rows up to the next multiple of 4 are read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyTurned(float* c, nint stride, nint rows, nint lanes, float* a, float* b, nint depth, bool accumulate) =>
        Any<Across>(c, stride, rows, lanes, a, Width * Width, b, depth, accumulate, null, default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Any<TOrder>(
        float* c, nint stride, nint rows, nint lanes, float* a, nint chunk, float* b, nint depth, bool accumulate, float* bias, Ahead ahead)
        where TOrder : struct, IOrder
    {
        if (rows != Rows || lanes != Width) Edge<TOrder>(c, stride, rows, lanes, a, chunk, b, depth, accumulate, bias, ahead);
        else if (Vector512.IsHardwareAccelerated) Wide<Twelve, TOrder>(c, stride, a, chunk, b, depth, accumulate, bias, ahead);
        else Narrow<Six, TOrder>(c, stride, a, chunk, b, depth, accumulate, bias, ahead);
    }

    /// <summary>A tile at the lower or right edge: by smaller tiles, and where even those reach outside, by way of a block on the stack.</summary>
    [SkipLocalsInit]
    private static void Edge<TOrder>(
        float* c, nint stride, nint rows, nint lanes, float* a, nint chunk, float* b, nint depth, bool accumulate, float* bias, Ahead ahead)
        where TOrder : struct, IOrder
    {
        int width = Width;
        float* block = stackalloc float[12 * 32];
        float* full = stackalloc float[32];
        if (bias is not null && lanes < width)
        {
            for (nint n = 0; n < lanes; n++) full[n] = bias[n];
            bias = full;
        }
        bool wide = Vector512.IsHardwareAccelerated && lanes > 16;
        while (rows > 0)
        {
            nint size = !wide ? rows % 6 == 0 ? 6 : 4 : rows >= 12 ? 12 : rows >= 8 ? 8 : 4, count = Math.Min(size, rows);
            bool outside = count < size || lanes < (wide ? 32 : 16);
            float* target = outside ? block : c;
            nint targetStride = outside ? width : stride;
            if (outside && accumulate) Move(block, width, c, stride, count, lanes);
            if (size == 12) Wide<Twelve, TOrder>(target, targetStride, a, chunk, b, depth, accumulate, bias, ahead);
            else if (size == 8) Wide<Eight, TOrder>(target, targetStride, a, chunk, b, depth, accumulate, bias, ahead);
            else if (size == 6) Narrow<Six, TOrder>(target, targetStride, a, chunk, b, depth, accumulate, bias, ahead);
            else if (wide) Wide<Four, TOrder>(target, targetStride, a, chunk, b, depth, accumulate, bias, ahead);
            else Narrow<Four, TOrder>(target, targetStride, a, chunk, b, depth, accumulate, bias, ahead);
            if (outside) Move(c, stride, block, width, count, lanes);
            rows -= count;
            c += count * stride;
            a += count * TOrder.Row;
        }
    }

    private static void Move(float* target, nint targetStride, float* source, nint sourceStride, nint rows, nint lanes)
    {
        for (nint r = 0; r < rows; r++)
            Unsafe.CopyBlockUnaligned(target + r * targetStride, source + r * sourceStride, (uint)lanes * 4);
    }

    /// <summary>
    /// Memory that will be wanted soon: a few cache lines are asked for with every chunk of k, so that the stream from memory runs beside the arithmetic.
    /// </summary>
    /// <param name="next">The lines of the first chunk.</param>
    /// <param name="stride">Elements to those of the next chunk.</param>
    public struct Ahead(float* next, nint stride)
    {
        /// <summary>Elements asked for with every chunk: six lines.</summary>
        public const int Elements = 6 * 16;

        private float* _next = next;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fetch()
        {
            if (!Sse.IsSupported || _next is null) return;
            Sse.Prefetch1(_next);
            Sse.Prefetch1(_next + 16);
            Sse.Prefetch1(_next + 32);
            Sse.Prefetch1(_next + 48);
            Sse.Prefetch1(_next + 64);
            Sse.Prefetch1(_next + 80);
            _next += stride;
        }
    }

    /// <summary>Where element (r, k) of a chunk of A lies: r·Row + k·Next.</summary>
    private interface IOrder
    {
        static abstract int Row { get; }

        static abstract int Next { get; }
    }

    private readonly struct Along : IOrder
    {
        public static int Row => Width;

        public static int Next => 1;
    }

    private readonly struct Across : IOrder
    {
        public static int Row => 1;

        public static int Next => Width;
    }

    /// <summary>A number of rows known to the compiler, so that one text makes every tile.</summary>
    private interface IRowCount
    {
        static abstract int Count { get; }
    }

    private readonly struct Twelve : IRowCount
    {
        public static int Count => 12;
    }

    private readonly struct Eight : IRowCount
    {
        public static int Count => 8;
    }

    private readonly struct Six : IRowCount
    {
        public static int Count => 6;
    }

    private readonly struct Four : IRowCount
    {
        public static int Count => 4;
    }
}
