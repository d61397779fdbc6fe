using ILGPU;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// One group a row of the score matrix: a query's keys in the forward pass and for dq, a key's queries for dk and dv. Scores are recomputed in blocks of
/// <see cref="ScoreBlock"/> in shared memory, never stored for a whole matrix; the threads share out first the scores of a block, then the channels of a head.
/// </summary>
internal sealed partial class IlgpuBackend
{
    private const int ScoreBlock = 128;

    /// <summary>Threads that share such a row: about as many as a head has channels.</summary>
    private const int HeadGroup = 64;

    protected override void AttentionCore(View y, View lse, View qkv, AttentionShape shape, DropoutMask dropout)
    {
        var all = Device(qkv);
        var s = HeadShape.Of(shape);
        LaunchAttention(Device(y), Device(lse), all, all.SubView(shape.C), all.SubView(2 * shape.C), s, new DeviceMask(dropout));
    }

    protected override void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout)
    {
        var s = HeadShape.Of(shape);
        var mask = new DeviceMask(dropout);
        var delta = Scratch(0, s.Rows);
        if (UsesTiles(s))
        {
            var grid = EachHeadTile(s);
            Launch(DeltaKernel, Each(s.Rows), delta, Device(dy), Device(y), s);
            Launch(QueryGradientTileKernel, grid, Device(dqkv), delta, Device(dy), Device(qkv), Device(lse), s, mask);
            Launch(KeyValueGradientTileKernel, grid, Device(dqkv), delta, Device(dy), Device(qkv), Device(lse), s, mask);
            return;
        }
        Launch(QueryGradientKernel, EachGroup(s.Rows, HeadGroup), Device(dqkv), delta, Device(dy), Device(qkv), Device(y), Device(lse), s, mask);
        Launch(KeyValueGradientKernel, EachGroup(s.Rows, HeadGroup), Device(dqkv), delta, Device(dy), Device(qkv), Device(lse), s, mask);
    }

    protected override void AttentionCachedCore(View y, View keys, View values, View qkv, int position, int count, int nh, int hs)
    {
        int c = nh * hs;
        Launch(CacheKernel, Each((long)count * c), Device(keys), Device(values), Device(qkv), new RowShape(count, c), position);
        var s = new HeadShape(count * nh, count, nh, hs, 3 * c, c, position);
        LaunchAttention(Device(y), Scratch(0, s.Rows), Device(qkv), Device(keys), Device(values), s, new DeviceMask(DropoutMask.None));
    }

    private void LaunchAttention(
        ArrayView<float> y, ArrayView<float> lse, ArrayView<float> q, ArrayView<float> k, ArrayView<float> v, HeadShape s, DeviceMask mask)
    {
        if (UsesTiles(s)) Launch(AttentionTileKernel, EachHeadTile(s), y, lse, q, k, v, s, mask);
        else Launch(AttentionKernel, EachGroup(s.Rows, HeadGroup), y, lse, q, k, v, s, mask);
    }

    /// <summary>Tiles pay for themselves where the queries fill at least a good part of one; generation has one query.</summary>
    private bool UsesTiles(HeadShape s) => _device.TileStep > 0 && s.T >= _device.TileStep;

    private KernelConfig EachHeadTile(HeadShape s) => EachGroup(HeadTile.Count(s, 4 * _device.TileStep), _device.TileStep * _device.TileStep);

    private static void AttentionKernel(
        ArrayView<float> y, ArrayView<float> lse, ArrayView<float> q, ArrayView<float> k, ArrayView<float> v, HeadShape s, DeviceMask mask)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        var p = SharedMemory.Allocate<float>(ScoreBlock);
        float scale = s.Scale;
        for (int row = Grid.IdxX, groups = Grid.DimX; row < s.Rows; row += groups)
        {
            int i = s.Position(row), n = s.First + i + 1;
            int query = s.Start(row, i, s.QueryStride), key = s.Start(row, 0, s.KeyStride), output = s.Start(row, i, s.C);
            Group.Barrier();

            // lse_i = log Σ_j exp s_ij: each thread a running maximum and sum over its keys. The first block's scores are kept.
            var sum = RunningSum.None;
            for (int j = Group.IdxX, threads = Group.DimX; j < n; j += threads)
            {
                float score = scale * Dot(q, query, k, key + j * s.KeyStride, s.HS);
                if (j < ScoreBlock) p[j] = score;
                sum = sum.Plus(score);
            }
            float top = GroupMax(sum.Largest, shared);
            float logSum = top + DeviceMath.Log(GroupSum(sum.At(top), shared));
            if (Group.IdxX == 0) lse[row] = logSum;

            // y_i = Σ_j drop(exp(s_ij − lse_i))·v_j
            for (int block = 0; block < n; block += ScoreBlock)
            {
                int end = n - block < ScoreBlock ? n - block : ScoreBlock;
                Group.Barrier();
                for (int j = Group.IdxX, threads = Group.DimX; j < end; j += threads)
                {
                    float score = block == 0 ? p[j] : scale * Dot(q, query, k, key + (block + j) * s.KeyStride, s.HS);
                    p[j] = DeviceMath.Exp(score - logSum) * mask.Factor((long)row * s.T + block + j);
                }
                Group.Barrier();
                for (int c = Group.IdxX, threads = Group.DimX; c < s.HS; c += threads)
                {
                    float acc = block == 0 ? 0 : y[output + c];
                    for (int j = 0; j < end; j++) acc += p[j] * v[key + (block + j) * s.KeyStride + c];
                    y[output + c] = acc;
                }
            }
        }
    }

    /// <summary>
    /// For p_ij = exp(s_ij − lse_i), s_ij = q_i·k_j/√HS: δ_i = dy_i·y_i, ds_ij = p_ij·(keep_ij/(1 − p)·(dy_i·v_j) − δ_i), dq_i = Σ_j
    /// ds_ij·k_j/√HS.
    /// </summary>
    private static void QueryGradientKernel(
        ArrayView<float> dqkv, ArrayView<float> delta, ArrayView<float> dy, ArrayView<float> qkv, ArrayView<float> y, ArrayView<float> lse,
        HeadShape s, DeviceMask mask)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        var ds = SharedMemory.Allocate<float>(ScoreBlock);
        float scale = s.Scale;
        int width = s.C;
        for (int row = Grid.IdxX, groups = Grid.DimX; row < s.Rows; row += groups)
        {
            int i = s.Position(row), n = i + 1;
            int query = s.Start(row, i, s.QueryStride), key = s.Start(row, 0, s.KeyStride) + width, output = s.Start(row, i, width);
            float part = 0;
            for (int c = Group.IdxX, threads = Group.DimX; c < s.HS; c += threads) part += dy[output + c] * y[output + c];
            float d = GroupSum(part, shared);
            if (Group.IdxX == 0) delta[row] = d;
            for (int block = 0; block < n; block += ScoreBlock)
            {
                int end = n - block < ScoreBlock ? n - block : ScoreBlock;
                Group.Barrier();
                for (int j = Group.IdxX, threads = Group.DimX; j < end; j += threads)
                {
                    int other = key + (block + j) * s.KeyStride;
                    float p = DeviceMath.Exp(scale * Dot(qkv, query, qkv, other, s.HS) - lse[row]);
                    float dp = mask.Factor((long)row * s.T + block + j) * Dot(dy, output, qkv, other + width, s.HS);
                    ds[j] = scale * p * (dp - d);
                }
                Group.Barrier();
                for (int c = Group.IdxX, threads = Group.DimX; c < s.HS; c += threads)
                {
                    float acc = block == 0 ? 0 : dqkv[query + c];
                    for (int j = 0; j < end; j++) acc += ds[j] * qkv[key + (block + j) * s.KeyStride + c];
                    dqkv[query + c] = acc;
                }
            }
        }
    }

    /// <summary>
    /// For y_i = Σ_j drop(p)_ij·v_j: dv_j = Σ_i drop(p)_ij·dy_i; and for s_ij = q_i·k_j/√HS: dk_j = Σ_i ds_ij·q_i/√HS, i from j on.
    /// </summary>
    private static void KeyValueGradientKernel(
        ArrayView<float> dqkv, ArrayView<float> delta, ArrayView<float> dy, ArrayView<float> qkv, ArrayView<float> lse, HeadShape s, DeviceMask mask)
    {
        var ds = SharedMemory.Allocate<float>(ScoreBlock);
        var dropped = SharedMemory.Allocate<float>(ScoreBlock);
        float scale = s.Scale;
        int width = s.C;
        for (int row = Grid.IdxX, groups = Grid.DimX; row < s.Rows; row += groups)
        {
            int j = s.Position(row), head = row - j;
            int key = s.Start(row, j, s.KeyStride) + width, query = s.Start(row, 0, s.QueryStride), output = s.Start(row, 0, width);
            for (int block = j; block < s.T; block += ScoreBlock)
            {
                int end = s.T - block < ScoreBlock ? s.T - block : ScoreBlock;
                Group.Barrier();
                for (int i = Group.IdxX, threads = Group.DimX; i < end; i += threads)
                {
                    int at = block + i;
                    float factor = mask.Factor((long)(head + at) * s.T + j);
                    float p = DeviceMath.Exp(scale * Dot(qkv, query + at * s.QueryStride, qkv, key, s.HS) - lse[head + at]);
                    dropped[i] = p * factor;
                    ds[i] = scale * p * (factor * Dot(dy, output + at * width, qkv, key + width, s.HS) - delta[head + at]);
                }
                Group.Barrier();
                for (int c = Group.IdxX, threads = Group.DimX; c < s.HS; c += threads)
                {
                    float dk = block == j ? 0 : dqkv[key + c], dv = block == j ? 0 : dqkv[key + width + c];
                    for (int i = 0; i < end; i++)
                    {
                        dk += ds[i] * qkv[query + (block + i) * s.QueryStride + c];
                        dv += dropped[i] * dy[output + (block + i) * width + c];
                    }
                    dqkv[key + c] = dk;
                    dqkv[key + width + c] = dv;
                }
            }
        }
    }

    /// <summary>k and v of new positions join the cache.</summary>
    private static void CacheKernel(ArrayView<float> keys, ArrayView<float> values, ArrayView<float> qkv, RowShape s, int position)
    {
        for (int e = FirstItem, stride = ThreadStride; e < s.Rows * s.C; e += stride)
        {
            int row = e / s.C, c = e % s.C;
            keys[position * s.C + e] = qkv[(3 * row + 1) * s.C + c];
            values[position * s.C + e] = qkv[(3 * row + 2) * s.C + c];
        }
    }

    private static float Dot(ArrayView<float> a, int fromA, ArrayView<float> b, int fromB, int n)
    {
        float sum = 0;
        for (int c = 0; c < n; c++) sum += a[fromA + c] * b[fromB + c];
        return sum;
    }
}

/// <summary>
/// Σ exp(score) over scores that come one by one, as Sum·exp(Largest): the largest may grow on the way (Milakov and Gimelshein, arXiv:1805.02867).
/// </summary>
internal readonly struct RunningSum(float largest, float sum)
{
    public readonly float Largest = largest, Sum = sum;

    public static RunningSum None => new(float.NegativeInfinity, 0);

    public RunningSum Plus(float score)
    {
        float above = score > Largest ? score : Largest;
        return new RunningSum(above, Sum * DeviceMath.Exp(Largest - above) + DeviceMath.Exp(score - above));
    }

    /// <summary>The sum relative to another maximum; 0 where no score came.</summary>
    public float At(float largest) => Sum == 0 ? 0 : Sum * DeviceMath.Exp(Largest - largest);
}

/// <summary>
/// Sizes for the kernels: B·NH·T rows; queries lie QueryStride apart and keys and values KeyStride apart; the first query sees First + 1 keys.
/// </summary>
internal readonly record struct HeadShape(int Rows, int T, int NH, int HS, int QueryStride, int KeyStride, int First)
{
    public static HeadShape Of(AttentionShape s) => new(s.Rows * s.NH, s.T, s.NH, s.HS, 3 * s.C, 3 * s.C, 0);

    public int C => NH * HS;

    /// <summary>1/√HS.</summary>
    public float Scale => 1f / MathF.Sqrt(HS);

    /// <summary>The position of row (b·NH + h)·T + i.</summary>
    public int Position(int row) => row % T;

    /// <summary>Where head h of position i of sequence b begins in a tensor whose positions lie <paramref name="stride"/> apart.</summary>
    public int Start(int row, int i, int stride)
    {
        int head = row / T;
        return (head / NH * T + i) * stride + head % NH * HS;
    }
}
