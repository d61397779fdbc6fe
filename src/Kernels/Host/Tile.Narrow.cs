using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

internal static unsafe partial class Tile
{
    /// <summary>TRows × 16 lanes: 4 or 6 rows of two 256-bit vectors, which become four of 128 bits where there are no wider ones.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Narrow<TRows, TOrder>(float* c, nint stride, float* a, nint chunk, float* b, nint depth, bool accumulate, float* bias, Ahead ahead)
        where TRows : struct, IRowCount
        where TOrder : struct, IOrder
    {
        Vector256<float> c0, c1, c2, c3, c4, c5;
        Vector256<float> d0, d1, d2, d3, d4, d5;
        c0 = c1 = c2 = c3 = c4 = c5 = Vector256<float>.Zero;
        d0 = d1 = d2 = d3 = d4 = d5 = Vector256<float>.Zero;
        if (accumulate)
        {
            float* q = c;
            (c0, d0) = (Vector256.Load(q), Vector256.Load(q + 8));
            q += stride;
            (c1, d1) = (Vector256.Load(q), Vector256.Load(q + 8));
            q += stride;
            (c2, d2) = (Vector256.Load(q), Vector256.Load(q + 8));
            q += stride;
            (c3, d3) = (Vector256.Load(q), Vector256.Load(q + 8));
            q += stride;
            if (TRows.Count > 4)
            {
                (c4, d4) = (Vector256.Load(q), Vector256.Load(q + 8));
                q += stride;
                (c5, d5) = (Vector256.Load(q), Vector256.Load(q + 8));
                q += stride;
            }
        }
        for (; depth > 0; depth -= Width, a += chunk)
        {
            nint count = depth < Width ? depth : Width;
            float* p = a;
            ahead.Fetch();
            do
            {
                var x = Vector256.Load(b);
                var y = Vector256.Load(b + 8);
                b += Width;
                var v = Vector256.Create(p[0]);
                c0 = Vector256.FusedMultiplyAdd(v, x, c0);
                d0 = Vector256.FusedMultiplyAdd(v, y, d0);
                v = Vector256.Create(p[TOrder.Row]);
                c1 = Vector256.FusedMultiplyAdd(v, x, c1);
                d1 = Vector256.FusedMultiplyAdd(v, y, d1);
                v = Vector256.Create(p[2 * TOrder.Row]);
                c2 = Vector256.FusedMultiplyAdd(v, x, c2);
                d2 = Vector256.FusedMultiplyAdd(v, y, d2);
                v = Vector256.Create(p[3 * TOrder.Row]);
                c3 = Vector256.FusedMultiplyAdd(v, x, c3);
                d3 = Vector256.FusedMultiplyAdd(v, y, d3);
                if (TRows.Count > 4)
                {
                    v = Vector256.Create(p[4 * TOrder.Row]);
                    c4 = Vector256.FusedMultiplyAdd(v, x, c4);
                    d4 = Vector256.FusedMultiplyAdd(v, y, d4);
                    v = Vector256.Create(p[5 * TOrder.Row]);
                    c5 = Vector256.FusedMultiplyAdd(v, x, c5);
                    d5 = Vector256.FusedMultiplyAdd(v, y, d5);
                }
                p += TOrder.Next;
            } while (--count > 0);
        }
        if (bias is not null)
        {
            var x = Vector256.Load(bias);
            var y = Vector256.Load(bias + 8);
            (c0, d0) = (c0 + x, d0 + y);
            (c1, d1) = (c1 + x, d1 + y);
            (c2, d2) = (c2 + x, d2 + y);
            (c3, d3) = (c3 + x, d3 + y);
            if (TRows.Count > 4)
            {
                (c4, d4) = (c4 + x, d4 + y);
                (c5, d5) = (c5 + x, d5 + y);
            }
        }
        c0.Store(c);
        d0.Store(c + 8);
        c += stride;
        c1.Store(c);
        d1.Store(c + 8);
        c += stride;
        c2.Store(c);
        d2.Store(c + 8);
        c += stride;
        c3.Store(c);
        d3.Store(c + 8);
        c += stride;
        if (TRows.Count > 4)
        {
            c4.Store(c);
            d4.Store(c + 8);
            c += stride;
            c5.Store(c);
            d5.Store(c + 8);
            c += stride;
        }
    }
}
