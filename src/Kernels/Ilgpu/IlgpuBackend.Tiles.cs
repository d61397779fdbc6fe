using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// Products through shared memory: a group of 256 threads computes a tile of 64 × 64 outputs, a thread those of four rows (y, y + 16, …) and four columns
/// (x, x + 16, …), so that neighbours read neighbouring words. Each sum is still one chain over the depth, in order: the bits are those of <see
/// cref="ProductKernel"/>. A group of 16 threads does the same for a tile of 16 × 16 (four by four threads); it is there for the simulator, where 256 threads
/// take seconds to wait for one another.
/// </summary>
internal sealed partial class IlgpuBackend
{
    private const int TileDepth = 16, LargestTile = 64;

    /// <summary>Words from one depth of a tile to the next: one more than its lines, so that lines and depths both fall into different banks.</summary>
    private const int TilePitch = LargestTile + 1;

    /// <summary>
    /// An operand of a tile's product: line l at depth k is element First + l·LineStride + k·DepthStride; beyond its lines and its depth it is zero.
    /// A's lines are the rows of the result, B's its columns.
    /// </summary>
    internal readonly record struct TileSource(int First, int Lines, int LineStride, int Depth, int DepthStride);

    /// <summary>
    /// Threads on a side of the tile: the distance between the four rows, and the four columns, of a thread. Shifts, not divisions, for either size.
    /// </summary>
    private static int TileStep => Group.DimX == MaxGroup ? 16 : 4;

    /// <summary>Column of this thread in a tile, and with <see cref="TileY"/> its row: the first of four.</summary>
    private static int TileX => Group.DimX == MaxGroup ? Group.IdxX % 16 : Group.IdxX % 4;

    /// <inheritdoc cref="TileX"/>
    private static int TileY => Group.DimX == MaxGroup ? Group.IdxX / 16 : Group.IdxX / 4;

    private static void TiledProductKernel(ArrayView<float> c, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ProductShape s)
    {
        var tileA = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        var tileB = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        int step = TileStep, side = 4 * step;
        int across = (s.N + side - 1) / side, tiles = (s.M + side - 1) / side * across;
        for (int tile = Grid.IdxX, groups = Grid.DimX; tile < tiles; tile += groups)
        {
            int m0 = tile / across * side, n0 = tile % across * side;
            int m = m0 + TileY, n = n0 + TileX;
            var sums = new Tile4x4(
                OldRow(c, m, n, step, s), OldRow(c, m + step, n, step, s),
                OldRow(c, m + 2 * step, n, step, s), OldRow(c, m + 3 * step, n, step, s));
            sums = TileProduct(
                sums, tileA, tileB, a, new TileSource(m0 * s.AM, s.M - m0, s.AM, s.K, s.AK), b, new TileSource(n0 * s.BN, s.N - n0, s.BN, s.K, s.BK), s.Scale);
            StoreRow(c, bias, sums.Row0, m, n, step, s);
            StoreRow(c, bias, sums.Row1, m + step, n, step, s);
            StoreRow(c, bias, sums.Row2, m + 2 * step, n, step, s);
            StoreRow(c, bias, sums.Row3, m + 3 * step, n, step, s);
        }
    }

    /// <summary>sums + scale·A·Bᵀ over the depth of both sources.</summary>
    private static Tile4x4 TileProduct(
        Tile4x4 sums, ArrayView<float> tileA, ArrayView<float> tileB,
        ArrayView<float> a, TileSource sourceA, ArrayView<float> b, TileSource sourceB, float scale)
    {
        for (int k = 0; k < sourceA.Depth; k += TileDepth)
        {
            Group.Barrier();
            LoadTile(tileA, a, sourceA, k, scale);
            LoadTile(tileB, b, sourceB, k, 1f);
            Group.Barrier();
            sums = MultiplyTiles(sums, tileA, 0, tileB);
        }
        return sums;
    }

    /// <summary>sums + P·Bᵀ, where P stands in shared memory already, as deep as the tile has lines.</summary>
    private static Tile4x4 TileProduct(Tile4x4 sums, ArrayView<float> p, ArrayView<float> tileB, ArrayView<float> b, TileSource sourceB)
    {
        for (int k = 0; k < 4 * TileStep; k += TileDepth)
        {
            Group.Barrier();
            LoadTile(tileB, b, sourceB, k, 1f);
            Group.Barrier();
            sums = MultiplyTiles(sums, p, k, tileB);
        }
        return sums;
    }

    /// <summary>Sixteen depths of a tile's lines; neighbouring threads take neighbouring addresses, whichever stride is one.</summary>
    private static void LoadTile(ArrayView<float> tile, ArrayView<float> values, TileSource s, int firstDepth, float scale)
    {
        bool large = Group.DimX == MaxGroup;
        for (int e = Group.IdxX, threads = Group.DimX; e < TileDepth * 4 * TileStep; e += threads)
        {
            int k = s.DepthStride == 1 ? e % TileDepth : large ? e / 64 : e / 16, line = s.DepthStride == 1 ? e / TileDepth : large ? e % 64 : e % 16;
            bool inside = line < s.Lines && firstDepth + k < s.Depth;
            tile[k * TilePitch + line] = inside ? scale * values[s.First + line * s.LineStride + (firstDepth + k) * s.DepthStride] : 0f;
        }
    }

    private static Tile4x4 MultiplyTiles(Tile4x4 sums, ArrayView<float> tileA, int firstDepth, ArrayView<float> tileB)
    {
        int step = TileStep;
        for (int k = 0; k < TileDepth; k++)
        {
            int y = (firstDepth + k) * TilePitch + TileY, x = k * TilePitch + TileX;
            sums = sums.Plus(
                new Float4(tileA[y], tileA[y + step], tileA[y + 2 * step], tileA[y + 3 * step]),
                new Float4(tileB[x], tileB[x + step], tileB[x + 2 * step], tileB[x + 3 * step]));
        }
        return sums;
    }
}
