using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// Attention by tiles of 64 queries × 64 keys (16 × 16 in the simulator's small groups) (FlashAttention-2, arXiv:2307.08691): a tile's scores are a product
/// through shared memory, its probabilities stay there and multiply the tile of values. The formulas are those of <see cref="AttentionKernel"/> and its
/// gradients.
/// </summary>
internal sealed partial class IlgpuBackend
{
    /// <summary>What one group computes: a tile of positions of one head, and as many of the head's channels.</summary>
    internal readonly record struct HeadTile(int Head, int First, int Positions, int Channel, int Channels)
    {
        public static int Count(HeadShape s, int side) => s.Rows / s.T * ((s.T + side - 1) / side) * ((s.HS + side - 1) / side);

        public static HeadTile Of(HeadShape s, int task, int side)
        {
            int blocks = (s.HS + side - 1) / side, tiles = (s.T + side - 1) / side;
            int channel = task % blocks * side, first = task / blocks % tiles * side;
            return new HeadTile(task / blocks / tiles, first, AtMost(side, s.T - first), channel, AtMost(side, s.HS - channel));
        }
    }

    private static int AtMost(int side, int length) => length < side ? length : side;

    /// <summary>Scores q·k of the queries from i and the keys from j on.</summary>
    private static Tile4x4 TileScores(
        ArrayView<float> tileA, ArrayView<float> tileB, ArrayView<float> q, int query, ArrayView<float> k, int key, int i, int j, int keys, HeadShape s) =>
        TileProduct(
            default, tileA, tileB, q, new TileSource(query + i * s.QueryStride, s.T - i, s.QueryStride, s.HS, 1),
            k, new TileSource(key + j * s.KeyStride, keys - j, s.KeyStride, s.HS, 1), 1f);

    private static void AttentionTileKernel(
        ArrayView<float> y, ArrayView<float> lse, ArrayView<float> q, ArrayView<float> k, ArrayView<float> v, HeadShape s, DeviceMask mask)
    {
        var tileA = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        var tileB = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        var p = SharedMemory.Allocate<float>(LargestTile * TilePitch);
        int side = 4 * TileStep, tasks = HeadTile.Count(s, side);
        for (int task = Grid.IdxX, groups = Grid.DimX; task < tasks; task += groups)
        {
            var tile = HeadTile.Of(s, task, side);
            int row = tile.Head * s.T, i = tile.First, keys = s.First + i + tile.Positions;
            int query = s.Start(row, 0, s.QueryStride), key = s.Start(row, 0, s.KeyStride), output = s.Start(row, i, s.C) + tile.Channel;
            float scale = s.Scale;

            RunningSum sum0 = RunningSum.None, sum1 = RunningSum.None, sum2 = RunningSum.None, sum3 = RunningSum.None;
            for (int j = 0; j < keys; j += side)
            {
                var scores = TileScores(tileA, tileB, q, query, k, key, i, j, keys, s);
                sum0 = Visit(sum0, scores.Row0, 0, i, j, scale, s);
                sum1 = Visit(sum1, scores.Row1, 1, i, j, scale, s);
                sum2 = Visit(sum2, scores.Row2, 2, i, j, scale, s);
                sum3 = Visit(sum3, scores.Row3, 3, i, j, scale, s);
            }
            var logSums = new Float4(TileLogSum(p, sum0, 0), TileLogSum(p, sum1, 1), TileLogSum(p, sum2, 2), TileLogSum(p, sum3, 3));
            if (TileX == 0 && tile.Channel == 0)
            {
                for (int r = 0; r < 4; r++)
                {
                    int position = TileY + r * TileStep;
                    if (position < tile.Positions) lse[row + i + position] = logSums[r];
                }
            }

            Tile4x4 sums = default;
            for (int j = 0; j < keys; j += side)
            {
                var scores = TileScores(tileA, tileB, q, query, k, key, i, j, keys, s);
                StoreProbabilities(p, scores.Row0, 0, logSums.X, row, i, j, scale, s, mask);
                StoreProbabilities(p, scores.Row1, 1, logSums.Y, row, i, j, scale, s, mask);
                StoreProbabilities(p, scores.Row2, 2, logSums.Z, row, i, j, scale, s, mask);
                StoreProbabilities(p, scores.Row3, 3, logSums.W, row, i, j, scale, s, mask);
                sums = TileProduct(sums, p, tileB, v, new TileSource(key + j * s.KeyStride + tile.Channel, tile.Channels, 1, keys - j, s.KeyStride));
            }
            StoreHead(y, output, s.C, sums, tile);
        }
    }

    /// <summary>This thread's four scores of a row join its running sum, where the query sees the key.</summary>
    private static RunningSum Visit(RunningSum sum, Float4 scores, int r, int i, int j, float scale, HeadShape s)
    {
        int visible = Visible(r, i, j, s);
        for (int lane = 0; lane < 4; lane++)
            if (lane * TileStep <= visible) sum = sum.Plus(scale * scores[lane]);
        return sum;
    }

    /// <summary>Of this thread's columns of its row r, those at an offset of at most this are keys that the query sees; −1 beyond the last query.</summary>
    private static int Visible(int r, int i, int j, HeadShape s)
    {
        int query = i + TileY + r * TileStep;
        return query < s.T ? s.First + query - j - TileX : -1;
    }

    /// <summary>log Σ exp of a row, from the running sums of the threads that share it.</summary>
    private static float TileLogSum(ArrayView<float> p, RunningSum mine, int r)
    {
        int row = (TileY + r * TileStep) * TilePitch;
        Group.Barrier();
        p[row + TileX] = mine.Largest;
        Group.Barrier();
        float top = p[row];
        for (int x = 1; x < TileStep; x++)
            if (p[row + x] > top) top = p[row + x];
        Group.Barrier();
        p[row + TileX] = mine.At(top);
        Group.Barrier();
        float sum = 0;
        for (int x = 0; x < TileStep; x++) sum += p[row + x];
        return top + DeviceMath.Log(sum);
    }

    /// <summary>drop(exp(s_ij − lse_i)) of a row into shared memory, as depth j of line i; zero where the query does not see the key.</summary>
    private static void StoreProbabilities(
        ArrayView<float> p, Float4 scores, int r, float logSum, int row, int i, int j, float scale, HeadShape s, DeviceMask mask)
    {
        int line = TileY + r * TileStep, visible = Visible(r, i, j, s);
        for (int lane = 0; lane < 4; lane++)
        {
            int column = TileX + lane * TileStep;
            float probability = 0;
            if (lane * TileStep <= visible)
                probability = DeviceMath.Exp(scale * scores[lane] - logSum) * mask.Factor((long)(row + i + line) * s.T + j + column);
            p[column * TilePitch + line] = probability;
        }
    }

    private static void StoreHead(ArrayView<float> destination, int from, int stride, Tile4x4 sums, HeadTile tile)
    {
        StoreHeadRow(destination, from, stride, sums.Row0, 0, tile);
        StoreHeadRow(destination, from, stride, sums.Row1, 1, tile);
        StoreHeadRow(destination, from, stride, sums.Row2, 2, tile);
        StoreHeadRow(destination, from, stride, sums.Row3, 3, tile);
    }

    private static void StoreHeadRow(ArrayView<float> destination, int from, int stride, Float4 row, int r, HeadTile tile)
    {
        int position = TileY + r * TileStep;
        if (position >= tile.Positions) return;
        for (int lane = 0; lane < 4; lane++)
            if (TileX + lane * TileStep < tile.Channels) destination[from + position * stride + TileX + lane * TileStep] = row[lane];
    }

    /// <summary>δ_i = dy_i·y_i per head, one thread per row.</summary>
    private static void DeltaKernel(ArrayView<float> delta, ArrayView<float> dy, ArrayView<float> y, HeadShape s)
    {
        for (int row = FirstItem, stride = ThreadStride; row < s.Rows; row += stride)
        {
            int at = s.Start(row, s.Position(row), s.C);
            delta[row] = Dot(dy, at, y, at, s.HS);
        }
    }

    /// <summary>dq_i = Σ_j ds_ij·k_j/√HS for a tile of queries.</summary>
    private static void QueryGradientTileKernel(
        ArrayView<float> dqkv, ArrayView<float> delta, ArrayView<float> dy, ArrayView<float> qkv, ArrayView<float> lse, HeadShape s, DeviceMask mask)
    {
        var tileA = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        var tileB = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        var ds = SharedMemory.Allocate<float>(LargestTile * TilePitch);
        int side = 4 * TileStep, tasks = HeadTile.Count(s, side);
        for (int task = Grid.IdxX, groups = Grid.DimX; task < tasks; task += groups)
        {
            var tile = HeadTile.Of(s, task, side);
            int row = tile.Head * s.T, i = tile.First, keys = i + tile.Positions, key = s.Start(row, 0, s.KeyStride) + s.C;
            Tile4x4 sums = default;
            for (int j = 0; j < keys; j += side)
            {
                StoreTileGradient(ds, default, 0, tileA, tileB, dy, qkv, lse, delta, row, i, j, s, mask);
                sums = TileProduct(sums, ds, tileB, qkv, new TileSource(key + j * s.KeyStride + tile.Channel, tile.Channels, 1, keys - j, s.KeyStride));
            }
            StoreHead(dqkv, s.Start(row, i, s.QueryStride) + tile.Channel, s.QueryStride, sums, tile);
        }
    }

    /// <summary>dv_j = Σ_i drop(p)_ij·dy_i and dk_j = Σ_i ds_ij·q_i/√HS for a tile of keys, over the tiles of queries that see them.</summary>
    private static void KeyValueGradientTileKernel(
        ArrayView<float> dqkv, ArrayView<float> delta, ArrayView<float> dy, ArrayView<float> qkv, ArrayView<float> lse, HeadShape s, DeviceMask mask)
    {
        var tileA = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        var tileB = SharedMemory.Allocate<float>(TileDepth * TilePitch);
        var ds = SharedMemory.Allocate<float>(LargestTile * TilePitch);
        var dropped = SharedMemory.Allocate<float>(LargestTile * TilePitch);
        int side = 4 * TileStep, tasks = HeadTile.Count(s, side);
        for (int task = Grid.IdxX, groups = Grid.DimX; task < tasks; task += groups)
        {
            var tile = HeadTile.Of(s, task, side);
            int row = tile.Head * s.T, j = tile.First;
            int query = s.Start(row, 0, s.QueryStride) + tile.Channel, output = s.Start(row, 0, s.C) + tile.Channel;
            int key = s.Start(row, j, s.KeyStride) + s.C + tile.Channel;
            Tile4x4 dk = default, dv = default;
            for (int i = j; i < s.T; i += side)
            {
                StoreTileGradient(ds, dropped, 1, tileA, tileB, dy, qkv, lse, delta, row, i, j, s, mask);
                dv = TileProduct(dv, dropped, tileB, dy, new TileSource(output + i * s.C, tile.Channels, 1, s.T - i, s.C));
                dk = TileProduct(dk, ds, tileB, qkv, new TileSource(query + i * s.QueryStride, tile.Channels, 1, s.T - i, s.QueryStride));
            }
            StoreHead(dqkv, key, s.KeyStride, dk, tile);
            StoreHead(dqkv, key + s.C, s.KeyStride, dv, tile);
        }
    }

    /// <summary>
    /// ds_ij = p_ij·(keep_ij/(1 − p)·(dy_i·v_j) − δ_i)/√HS of a tile into shared memory: with keys as the depth for dq; transposed, and with
    /// drop(p)_ij beside it, for dk and dv.
    /// </summary>
    private static void StoreTileGradient(
        ArrayView<float> ds, ArrayView<float> dropped, int byQuery, ArrayView<float> tileA, ArrayView<float> tileB, ArrayView<float> dy, ArrayView<float> qkv,
        ArrayView<float> lse, ArrayView<float> delta, int row, int i, int j, HeadShape s, DeviceMask mask)
    {
        int keys = AtMost(4 * TileStep, s.T - j) + j, query = s.Start(row, 0, s.QueryStride);
        int key = s.Start(row, 0, s.KeyStride) + s.C, output = s.Start(row, 0, s.C);
        var scores = TileScores(tileA, tileB, qkv, query, qkv, key, i, j, keys, s);
        var dp = TileProduct(
            default, tileA, tileB, dy, new TileSource(output + i * s.C, s.T - i, s.C, s.HS, 1),
            qkv, new TileSource(key + s.C + j * s.KeyStride, keys - j, s.KeyStride, s.HS, 1), 1f);
        StoreRowGradient(ds, dropped, byQuery, scores.Row0, dp.Row0, 0, lse, delta, row, i, j, s, mask);
        StoreRowGradient(ds, dropped, byQuery, scores.Row1, dp.Row1, 1, lse, delta, row, i, j, s, mask);
        StoreRowGradient(ds, dropped, byQuery, scores.Row2, dp.Row2, 2, lse, delta, row, i, j, s, mask);
        StoreRowGradient(ds, dropped, byQuery, scores.Row3, dp.Row3, 3, lse, delta, row, i, j, s, mask);
    }

    private static void StoreRowGradient(
        ArrayView<float> ds, ArrayView<float> dropped, int byQuery, Float4 scores, Float4 dp, int r, ArrayView<float> lse, ArrayView<float> delta,
        int row, int i, int j, HeadShape s, DeviceMask mask)
    {
        int line = TileY + r * TileStep, visible = Visible(r, i, j, s), at = row + i + line;
        for (int lane = 0; lane < 4; lane++)
        {
            int column = TileX + lane * TileStep, place = byQuery == 0 ? column * TilePitch + line : line * TilePitch + column;
            float probability = 0, factor = 0, gradient = 0;
            if (lane * TileStep <= visible)
            {
                probability = DeviceMath.Exp(s.Scale * scores[lane] - lse[at]);
                factor = mask.Factor((long)at * s.T + j + column);
                gradient = s.Scale * probability * (factor * dp[lane] - delta[at]);
            }
            ds[place] = gradient;
            if (byQuery != 0) dropped[place] = probability * factor;
        }
    }
}
