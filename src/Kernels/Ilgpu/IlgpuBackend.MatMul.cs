using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// Every product of matrices is one of <see cref="ProductShape"/>'s. A GPU runs <see cref="TiledProductKernel"/>; here stands the one without barriers, where a
/// thread computes a tile of 4 × 4 outputs by itself.
/// </summary>
internal sealed partial class IlgpuBackend
{
    protected override void MatMulCore(View y, View x, Matrix w, View bias, int rows)
    {
        var (values, inputStride, outputStride) = Strided(w);
        Product(Device(y), Device(x), values, Device(bias), ProductShape.Forward(rows, w.IC, w.OC, inputStride, outputStride));
    }

    protected override void MatMulBackwardInputCore(View dx, View dy, Matrix w, int rows)
    {
        var (values, inputStride, outputStride) = Strided(w);
        Product(Device(dx), Device(dy), values, Device(default(View)), ProductShape.BackwardInput(rows, w.IC, w.OC, inputStride, outputStride));
    }

    protected override void MatMulBackwardWeightCore(View dw, View x, View dy, int rows, int ic, int oc) =>
        Product(Device(dw), Device(x), Device(dy), Device(default(View)), ProductShape.BackwardWeight(rows, ic, oc, 1));

    protected override void BiasBackwardCore(View db, View dy, int rows, int oc) =>
        Launch(BiasBackwardKernel, Each(oc), Device(db), Device(dy), rows);

    private void Product(ArrayView<float> c, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ProductShape shape)
    {
        if (_device.TileStep > 0) Launch(TiledProductKernel, EachTile(shape.M, shape.N), c, a, b, bias, shape);
        else Launch(ProductKernel, Each((shape.M + 3L) / 4 * ((shape.N + 3L) / 4)), c, a, b, bias, shape);
    }

    /// <summary>Rows and columns beyond the edge are computed from the last one and not stored: the loop over k has no branches.</summary>
    private static void ProductKernel(ArrayView<float> c, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ProductShape s)
    {
        int across = (s.N + 3) / 4, tiles = (s.M + 3) / 4 * across;
        for (int tile = FirstItem, stride = ThreadStride; tile < tiles; tile += stride)
        {
            int m = tile / across * 4, n = tile % across * 4;
            int a0 = m * s.AM, a1 = Last(m + 1, s.M) * s.AM, a2 = Last(m + 2, s.M) * s.AM, a3 = Last(m + 3, s.M) * s.AM;
            int b0 = n * s.BN, b1 = Last(n + 1, s.N) * s.BN, b2 = Last(n + 2, s.N) * s.BN, b3 = Last(n + 3, s.N) * s.BN;
            var sums = new Tile4x4(OldRow(c, m, n, 1, s), OldRow(c, m + 1, n, 1, s), OldRow(c, m + 2, n, 1, s), OldRow(c, m + 3, n, 1, s));
            for (int k = 0; k < s.K; k++)
            {
                int ak = k * s.AK, bk = k * s.BK;
                var rows = new Float4(s.Scale * a[a0 + ak], s.Scale * a[a1 + ak], s.Scale * a[a2 + ak], s.Scale * a[a3 + ak]);
                sums = sums.Plus(rows, new Float4(b[b0 + bk], b[b1 + bk], b[b2 + bk], b[b3 + bk]));
            }
            StoreRow(c, bias, sums.Row0, m, n, 1, s);
            StoreRow(c, bias, sums.Row1, m + 1, n, 1, s);
            StoreRow(c, bias, sums.Row2, m + 2, n, 1, s);
            StoreRow(c, bias, sums.Row3, m + 3, n, 1, s);
        }
    }

    private static int Last(int index, int length) => index < length ? index : length - 1;

    /// <summary>Four columns of a row of C, n and on at <paramref name="step"/>, where the chain starts at the old values; else zeros.</summary>
    private static Float4 OldRow(ArrayView<float> c, int m, int n, int step, ProductShape s)
    {
        if (s.Accumulate == 0) return default;
        int from = Last(m, s.M) * s.N;
        return new Float4(c[from + Last(n, s.N)], c[from + Last(n + step, s.N)], c[from + Last(n + 2 * step, s.N)], c[from + Last(n + 3 * step, s.N)]);
    }

    private static void StoreRow(ArrayView<float> c, ArrayView<float> bias, Float4 row, int m, int n, int step, ProductShape s)
    {
        if (m >= s.M) return;
        for (int lane = 0; lane < 4; lane++)
        {
            int column = n + lane * step;
            if (column < s.N) c[m * s.N + column] = bias.Length > 0 ? row[lane] + bias[column] : row[lane];
        }
    }

    /// <summary>For y = x·W + b: db[o] += Σ_m dy[m, o].</summary>
    private static void BiasBackwardKernel(ArrayView<float> db, ArrayView<float> dy, int rows)
    {
        int oc = (int)db.Length;
        for (int o = FirstItem, stride = ThreadStride; o < oc; o += stride)
        {
            float sum = db[o];
            for (int row = 0; row < rows; row++) sum += dy[row * oc + o];
            db[o] = sum;
        }
    }
}

/// <summary>
/// C[m, n] (+)= Σ_k scale·A[m, k]·B[k, n], k ascending in one chain that starts at zero or at the old C. C is row-major [M, N]; A[m, k] lies at m·AM +
/// k·AK and B[k, n] at k·BK + n·BN, so that one kernel serves every product of the forward and backward passes, whichever side is transposed.
/// </summary>
internal readonly record struct ProductShape(int M, int N, int K, int AM, int AK, int BK, int BN, float Scale, int Accumulate)
{
    /// <summary>y = x·W.</summary>
    public static ProductShape Forward(int rows, int ic, int oc, int inputStride, int outputStride) =>
        new(rows, oc, ic, ic, 1, inputStride, outputStride, 1, 0);

    /// <summary>dx = dy·Wᵀ.</summary>
    public static ProductShape BackwardInput(int rows, int ic, int oc, int inputStride, int outputStride) =>
        new(rows, ic, oc, oc, 1, outputStride, inputStride, 1, 0);

    /// <summary>dW [IC, OC] += scale·xᵀ·dy.</summary>
    public static ProductShape BackwardWeight(int rows, int ic, int oc, float scale) => new(ic, oc, rows, 1, ic, oc, 1, scale, 1);
}
