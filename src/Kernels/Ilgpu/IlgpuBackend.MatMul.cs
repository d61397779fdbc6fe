using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>Every product of matrices is one of <see cref="ProductShape"/>'s; a thread computes a tile of 4 × 4 outputs in registers, without barriers.</summary>
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
        long tiles = (shape.M + 3L) / 4 * ((shape.N + 3L) / 4);
        Launch(ProductKernel, Each(tiles), c, a, b, bias, shape);
    }

    /// <summary>Rows and columns beyond the edge are computed from the last one and not stored: the loop over k has no branches.</summary>
    private static void ProductKernel(ArrayView<float> c, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ProductShape s)
    {
        int across = (s.N + 3) / 4, tiles = (s.M + 3) / 4 * across;
        for (int tile = FirstItem; tile < tiles; tile += ThreadStride)
        {
            int m = tile / across * 4, n = tile % across * 4;
            int a0 = m * s.AM, a1 = Last(m + 1, s.M) * s.AM, a2 = Last(m + 2, s.M) * s.AM, a3 = Last(m + 3, s.M) * s.AM;
            int b0 = n * s.BN, b1 = Last(n + 1, s.N) * s.BN, b2 = Last(n + 2, s.N) * s.BN, b3 = Last(n + 3, s.N) * s.BN;
            var r0 = OldRow(c, m, n, s);
            var r1 = OldRow(c, m + 1, n, s);
            var r2 = OldRow(c, m + 2, n, s);
            var r3 = OldRow(c, m + 3, n, s);
            for (int k = 0; k < s.K; k++)
            {
                int ak = k * s.AK, bk = k * s.BK;
                var row = new Float4(b[b0 + bk], b[b1 + bk], b[b2 + bk], b[b3 + bk]);
                r0 = r0.Plus(s.Scale * a[a0 + ak], row);
                r1 = r1.Plus(s.Scale * a[a1 + ak], row);
                r2 = r2.Plus(s.Scale * a[a2 + ak], row);
                r3 = r3.Plus(s.Scale * a[a3 + ak], row);
            }
            StoreRow(c, bias, r0, m, n, s);
            StoreRow(c, bias, r1, m + 1, n, s);
            StoreRow(c, bias, r2, m + 2, n, s);
            StoreRow(c, bias, r3, m + 3, n, s);
        }
    }

    private static int Last(int index, int length) => index < length ? index : length - 1;

    /// <summary>Four neighbours of a row of C where the chain starts at the old values, else zeros.</summary>
    private static Float4 OldRow(ArrayView<float> c, int m, int n, ProductShape s)
    {
        if (s.Accumulate == 0) return default;
        int from = Last(m, s.M) * s.N;
        return new Float4(c[from + n], c[from + Last(n + 1, s.N)], c[from + Last(n + 2, s.N)], c[from + Last(n + 3, s.N)]);
    }

    private static void StoreRow(ArrayView<float> c, ArrayView<float> bias, Float4 row, int m, int n, ProductShape s)
    {
        if (m >= s.M) return;
        for (int lane = 0; lane < 4; lane++)
        {
            if (n + lane < s.N) c[m * s.N + n + lane] = bias.Length > 0 ? row[lane] + bias[n + lane] : row[lane];
        }
    }

    /// <summary>For y = x·W + b: db[o] += Σ_m dy[m, o].</summary>
    private static void BiasBackwardKernel(ArrayView<float> db, ArrayView<float> dy, int rows)
    {
        int oc = (int)db.Length;
        for (int o = FirstItem; o < oc; o += ThreadStride)
        {
            float sum = db[o];
            for (int row = 0; row < rows; row++) sum += dy[row * oc + o];
            db[o] = sum;
        }
    }
}
