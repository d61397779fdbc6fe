using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// Four rows by four ranks of an adapter's products, on whole vectors. Of a factor row k (of A or Bᵀ) element i lies at k·stride + i; u holds four ranks of
/// row 0, then of row 1, …
/// </summary>
internal static unsafe class Ranks4
{
    /// <summary>sums[k·4 + r] += x[r]·f[k]: 16 lanes along i, a vector of sums for each of the sixteen.</summary>
    public static void Dot(float* sums, FourRows rows, float* f, nint stride)
    {
        float* x = rows.Values;
        nint next = rows.Stride, count = rows.Count;
        Vector512<float> s00 = Vector512.Load(sums), s01 = Vector512.Load(sums + 16), s02 = Vector512.Load(sums + 32), s03 = Vector512.Load(sums + 48);
        Vector512<float> s10 = Vector512.Load(sums + 64), s11 = Vector512.Load(sums + 80), s12 = Vector512.Load(sums + 96), s13 = Vector512.Load(sums + 112);
        Vector512<float> s20 = Vector512.Load(sums + 128), s21 = Vector512.Load(sums + 144), s22 = Vector512.Load(sums + 160), s23 = Vector512.Load(sums + 176);
        Vector512<float> s30 = Vector512.Load(sums + 192), s31 = Vector512.Load(sums + 208), s32 = Vector512.Load(sums + 224), s33 = Vector512.Load(sums + 240);
        for (nint i = 0; i < count; i += 16)
        {
            Vector512<float> x0 = Vector512.Load(x + i), x1 = Vector512.Load(x + next + i),
                x2 = Vector512.Load(x + 2 * next + i), x3 = Vector512.Load(x + 3 * next + i);
            var v = Vector512.Load(f + i);
            s00 = Vector512.FusedMultiplyAdd(x0, v, s00);
            s01 = Vector512.FusedMultiplyAdd(x1, v, s01);
            s02 = Vector512.FusedMultiplyAdd(x2, v, s02);
            s03 = Vector512.FusedMultiplyAdd(x3, v, s03);
            v = Vector512.Load(f + stride + i);
            s10 = Vector512.FusedMultiplyAdd(x0, v, s10);
            s11 = Vector512.FusedMultiplyAdd(x1, v, s11);
            s12 = Vector512.FusedMultiplyAdd(x2, v, s12);
            s13 = Vector512.FusedMultiplyAdd(x3, v, s13);
            v = Vector512.Load(f + 2 * stride + i);
            s20 = Vector512.FusedMultiplyAdd(x0, v, s20);
            s21 = Vector512.FusedMultiplyAdd(x1, v, s21);
            s22 = Vector512.FusedMultiplyAdd(x2, v, s22);
            s23 = Vector512.FusedMultiplyAdd(x3, v, s23);
            v = Vector512.Load(f + 3 * stride + i);
            s30 = Vector512.FusedMultiplyAdd(x0, v, s30);
            s31 = Vector512.FusedMultiplyAdd(x1, v, s31);
            s32 = Vector512.FusedMultiplyAdd(x2, v, s32);
            s33 = Vector512.FusedMultiplyAdd(x3, v, s33);
        }
        Store(sums, 16, s00, s01, s02, s03);
        Store(sums + 64, 16, s10, s11, s12, s13);
        Store(sums + 128, 16, s20, s21, s22, s23);
        Store(sums + 192, 16, s30, s31, s32, s33);
    }

    /// <summary>y[r, i] += Σ_k u[r, k]·f[k, i], one chain of k from the old y.</summary>
    public static void Expand(FourRows rows, float* u, float* f, nint stride)
    {
        float* y = rows.Values;
        nint next = rows.Stride, count = rows.Count;
        for (nint i = 0; i < count; i += 16, y += 16)
        {
            Vector512<float> y0 = Vector512.Load(y), y1 = Vector512.Load(y + next), y2 = Vector512.Load(y + 2 * next), y3 = Vector512.Load(y + 3 * next);
            Products(ref y0, ref y1, ref y2, ref y3, u, f + i, stride);
            Store(y, next, y0, y1, y2, y3);
        }
    }

    /// <summary>y[r, i] += keep[r, i]·Σ_k u[r, k]·f[k, i], the sum one chain of k.</summary>
    /// <param name="rows">y.</param>
    /// <param name="u">[4, 4].</param>
    /// <param name="f">Factor rows.</param>
    /// <param name="stride">From one factor row to the next.</param>
    /// <param name="keep">Multipliers in rows of <see cref="FourRows.Apart"/>; null for ones.</param>
    public static void ExpandKept(FourRows rows, float* u, float* f, nint stride, float* keep)
    {
        if (keep is null)
        {
            Expand(rows, u, f, stride);
            return;
        }
        float* y = rows.Values;
        nint next = rows.Stride, count = rows.Count;
        for (nint i = 0; i < count; i += 16, y += 16, keep += 16)
        {
            Vector512<float> s0, s1, s2, s3;
            s0 = s1 = s2 = s3 = Vector512<float>.Zero;
            Products(ref s0, ref s1, ref s2, ref s3, u, f + i, stride);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(keep), s0, Vector512.Load(y));
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(keep + FourRows.Apart), s1, Vector512.Load(y + next));
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(keep + 2 * FourRows.Apart), s2, Vector512.Load(y + 2 * next));
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(keep + 3 * FourRows.Apart), s3, Vector512.Load(y + 3 * next));
            Store(y, next, s0, s1, s2, s3);
        }
    }

    /// <summary>g[k, i] += Σ_r x[r, i]·u[r, k], one chain of r from the old g.</summary>
    public static void Add(float* g, nint stride, FourRows rows, float* u)
    {
        float* x = rows.Values;
        nint next = rows.Stride, count = rows.Count;
        for (nint i = 0; i < count; i += 16, x += 16, g += 16)
        {
            Vector512<float> g0 = Vector512.Load(g), g1 = Vector512.Load(g + stride), g2 = Vector512.Load(g + 2 * stride), g3 = Vector512.Load(g + 3 * stride);
            for (nint r = 0; r < 4; r++)
            {
                var v = Vector512.Load(x + r * next);
                g0 = Vector512.FusedMultiplyAdd(v, Vector512.Create(u[4 * r]), g0);
                g1 = Vector512.FusedMultiplyAdd(v, Vector512.Create(u[4 * r + 1]), g1);
                g2 = Vector512.FusedMultiplyAdd(v, Vector512.Create(u[4 * r + 2]), g2);
                g3 = Vector512.FusedMultiplyAdd(v, Vector512.Create(u[4 * r + 3]), g3);
            }
            Store(g, stride, g0, g1, g2, g3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(
        ref Vector512<float> y0, ref Vector512<float> y1, ref Vector512<float> y2, ref Vector512<float> y3, float* u, float* f, nint stride)
    {
        for (nint k = 0; k < 4; k++)
        {
            var v = Vector512.Load(f + k * stride);
            y0 = Vector512.FusedMultiplyAdd(Vector512.Create(u[k]), v, y0);
            y1 = Vector512.FusedMultiplyAdd(Vector512.Create(u[4 + k]), v, y1);
            y2 = Vector512.FusedMultiplyAdd(Vector512.Create(u[8 + k]), v, y2);
            y3 = Vector512.FusedMultiplyAdd(Vector512.Create(u[12 + k]), v, y3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, nint stride, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        v0.Store(to);
        v1.Store(to + stride);
        v2.Store(to + 2 * stride);
        v3.Store(to + 3 * stride);
    }
}
