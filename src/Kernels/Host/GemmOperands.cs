using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// The operand whose rows are the rows of the result: gives strips of up to <see cref="Tile.Rows"/> rows in the chunks that <see cref="Tile"/> reads.
/// </summary>
internal unsafe interface IStrips
{
    /// <summary>False where strips are used where they lie.</summary>
    static abstract bool Copies { get; }

    /// <param name="scratch">Room for Rows × (depth rounded up to Width) elements.</param>
    /// <param name="row">First row.</param>
    /// <param name="rows">Number of rows; more may be delivered, with any content.</param>
    /// <param name="k">First k, a multiple of Width.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="chunk">Elements from one chunk to the next.</param>
    float* Strip(float* scratch, nint row, nint rows, nint k, nint depth, out nint chunk);

    /// <summary>Asks for a share of a strip that will be wanted soon, so that its way from memory runs beside the arithmetic.</summary>
    /// <param name="row">First row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="k">First k.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="share">Which share, from 0.</param>
    /// <param name="shares">How many there are.</param>
    void Prefetch(nint row, nint rows, nint k, nint depth, nint share, nint shares);
}

/// <summary>The operand whose columns are the lanes of the result: gives panels [depth][Width].</summary>
internal unsafe interface IPanels
{
    /// <summary>False where panels are used where they lie, so that scratch memory is not wanted.</summary>
    static abstract bool Copies { get; }

    /// <param name="scratch">Room for panels × depth × Width elements, where <see cref="Copies"/>.</param>
    /// <param name="panel">First panel.</param>
    /// <param name="panels">Number of panels.</param>
    /// <param name="k">First k, a multiple of Width.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="stride">Elements from one panel to the next.</param>
    float* Panels(float* scratch, nint panel, nint panels, nint k, nint depth, out nint stride);
}

/// <summary>
/// Rows as they lie: element (r, k) at r·stride + k. A strip is copied in pieces of Width k, so that the tile walks through the nearest cache.
/// </summary>
internal readonly unsafe struct RowStrips(float* values, nint stride) : IStrips
{
    public static bool Copies => true;

    public float* Strip(float* scratch, nint row, nint rows, nint k, nint depth, out nint chunk)
    {
        nint width = Tile.Width, whole = depth / width * width;
        chunk = Tile.Rows * width;
        for (nint r = 0; r < rows; r++)
        {
            float* source = values + (row + r) * stride + k;
            float* target = scratch + r * width;
            nint e = 0;
            for (; e < whole; e += width, target += chunk) Copy.Chunk(target, source + e);
            for (nint rest = 0; e < depth; e++, rest++) target[rest] = source[e];
        }
        return scratch;
    }

    public void Prefetch(nint row, nint rows, nint k, nint depth, nint share, nint shares)
    {
        for (nint r = share; r < rows; r += shares)
            Lines.Prefetch(values + (row + r) * stride + k, depth);
    }
}

/// <summary>The transpose of rows: element (r, k) at k·stride + r.</summary>
internal readonly unsafe struct ColumnStrips(float* values, nint stride) : IStrips
{
    public static bool Copies => true;

    public float* Strip(float* scratch, nint row, nint rows, nint k, nint depth, out nint chunk)
    {
        nint width = Tile.Width;
        chunk = Tile.Rows * width;
        float* target = scratch;
        for (nint e = 0; e < depth; e += width, target += chunk)
            Transpose.Rows(target, width, values + (k + e) * stride + row, stride, Math.Min(width, depth - e), rows);
        return scratch;
    }

    public void Prefetch(nint row, nint rows, nint k, nint depth, nint share, nint shares)
    {
        for (nint e = share; e < depth; e += shares)
            Lines.Prefetch(values + (k + e) * stride + row, rows);
    }
}

/// <summary>Rows of a packed weight, used where they lie: the backward product.</summary>
internal readonly unsafe struct PanelStrips(float* panels, nint panelStride) : IStrips
{
    public static bool Copies => false;

    public float* Strip(float* scratch, nint row, nint rows, nint k, nint depth, out nint chunk)
    {
        chunk = panelStride;
        return panels + k / Tile.Width * panelStride + row * Tile.Width;
    }

    /// <summary>Nothing: the tiles themselves ask for what lies below them (<see cref="Tile.Ahead"/>).</summary>
    public void Prefetch(nint row, nint rows, nint k, nint depth, nint share, nint shares) { }
}

/// <summary>Panels of a packed weight, used where they lie: the forward product.</summary>
internal readonly unsafe struct StoredPanels(float* panels, nint panelStride) : IPanels
{
    public static bool Copies => false;

    public float* Panels(float* scratch, nint panel, nint count, nint k, nint depth, out nint stride)
    {
        stride = panelStride;
        return panels + panel * panelStride + k * Tile.Width;
    }
}

/// <summary>Rows as they lie, cut into panels: element (k, n) at k·stride + n.</summary>
internal readonly unsafe struct RowPanels(float* values, nint rowStride, nint columns) : IPanels
{
    public static bool Copies => true;

    public float* Panels(float* scratch, nint panel, nint count, nint k, nint depth, out nint stride)
    {
        nint width = Tile.Width;
        stride = depth * width;
        for (nint p = 0; p < count; p++)
        {
            nint n = (panel + p) * width, lanes = Math.Min(width, columns - n);
            float* source = values + k * rowStride + n;
            float* target = scratch + p * stride;
            if (lanes == width)
                for (nint e = 0; e < depth; e++) Copy.Chunk(target + e * width, source + e * rowStride);
            else
                for (nint e = 0; e < depth; e++)
                {
                    Unsafe.CopyBlockUnaligned(target + e * width, source + e * rowStride, (uint)lanes * 4);
                    Unsafe.InitBlockUnaligned(target + e * width + lanes, 0, (uint)(width - lanes) * 4);
                }
        }
        return scratch;
    }
}

/// <summary>The transpose of rows, cut into panels: element (k, n) at n·stride + k.</summary>
internal readonly unsafe struct ColumnPanels(float* values, nint rowStride, nint rows) : IPanels
{
    public static bool Copies => true;

    public float* Panels(float* scratch, nint panel, nint count, nint k, nint depth, out nint stride)
    {
        nint width = Tile.Width;
        stride = depth * width;
        for (nint p = 0; p < count; p++)
        {
            nint n = (panel + p) * width;
            Transpose.Lanes(scratch + p * stride, width, values + n * rowStride + k, rowStride, Math.Min(width, rows - n), depth);
        }
        return scratch;
    }
}

/// <summary>The transpose of a packed weight, cut into panels of its own: element (k, n) is element (n, k) of the panels, whose lanes are k.</summary>
internal readonly unsafe struct TurnedPanels(float* panels, nint panelStride, nint rows) : IPanels
{
    public static bool Copies => true;

    public float* Panels(float* scratch, nint panel, nint count, nint k, nint depth, out nint stride)
    {
        nint width = Tile.Width;
        stride = depth * width;
        for (nint p = 0; p < count; p++)
        {
            nint n = (panel + p) * width;
            for (nint e = 0; e < depth; e += width)
                Transpose.Lanes(
                    scratch + p * stride + e * width, width,
                    panels + (k + e) / width * panelStride + n * width, width,
                    Math.Min(width, rows - n), Math.Min(width, depth - e));
        }
        return scratch;
    }
}

/// <summary>Copies of one size.</summary>
internal static unsafe class Copy
{
    /// <summary><see cref="Tile.Width"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Chunk(float* target, float* source)
    {
        var low = Vector512.Load(source);
        if (Vector512.IsHardwareAccelerated) Vector512.Load(source + 16).Store(target + 16);
        low.Store(target);
    }
}

/// <summary>Cache lines asked for ahead of their use; nothing where the machine has no such instruction.</summary>
internal static unsafe class Lines
{
    /// <summary>Elements of a line of 64 bytes.</summary>
    private const int Elements = 16;

    /// <summary>Brings <paramref name="count"/> elements into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* start, nint count)
    {
        if (!Sse.IsSupported) return;
        for (float* line = start; line < start + count; line += Elements) Sse.Prefetch1(line);
        Sse.Prefetch1(start + count - 1);
    }
}
