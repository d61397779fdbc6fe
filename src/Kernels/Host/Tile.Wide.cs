using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

internal static unsafe partial class Tile
{
    /// <summary>TRows × 32 lanes: 4, 8 or 12 rows of two 512-bit vectors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Wide<TRows, TOrder>(float* c, nint stride, float* a, nint chunk, float* b, nint depth, bool accumulate, float* bias, Ahead ahead)
        where TRows : struct, IRowCount
        where TOrder : struct, IOrder
    {
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11;
        Vector512<float> d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11;
        c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = c8 = c9 = c10 = c11 = Vector512<float>.Zero;
        d0 = d1 = d2 = d3 = d4 = d5 = d6 = d7 = d8 = d9 = d10 = d11 = Vector512<float>.Zero;
        if (accumulate)
        {
            float* q = c;
            (c0, d0) = (Vector512.Load(q), Vector512.Load(q + 16));
            q += stride;
            (c1, d1) = (Vector512.Load(q), Vector512.Load(q + 16));
            q += stride;
            (c2, d2) = (Vector512.Load(q), Vector512.Load(q + 16));
            q += stride;
            (c3, d3) = (Vector512.Load(q), Vector512.Load(q + 16));
            q += stride;
            if (TRows.Count > 4)
            {
                (c4, d4) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
                (c5, d5) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
                (c6, d6) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
                (c7, d7) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
            }
            if (TRows.Count > 8)
            {
                (c8, d8) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
                (c9, d9) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
                (c10, d10) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
                (c11, d11) = (Vector512.Load(q), Vector512.Load(q + 16));
                q += stride;
            }
        }
        for (; depth > 0; depth -= 32, a += chunk)
        {
            nint count = depth < 32 ? depth : 32;
            float* p = a;
            ahead.Fetch();
            do
            {
                var x = Vector512.Load(b);
                var y = Vector512.Load(b + 16);
                b += 32;
                var v = Vector512.Create(p[0]);
                c0 = Vector512.FusedMultiplyAdd(v, x, c0);
                d0 = Vector512.FusedMultiplyAdd(v, y, d0);
                v = Vector512.Create(p[TOrder.Row]);
                c1 = Vector512.FusedMultiplyAdd(v, x, c1);
                d1 = Vector512.FusedMultiplyAdd(v, y, d1);
                v = Vector512.Create(p[2 * TOrder.Row]);
                c2 = Vector512.FusedMultiplyAdd(v, x, c2);
                d2 = Vector512.FusedMultiplyAdd(v, y, d2);
                v = Vector512.Create(p[3 * TOrder.Row]);
                c3 = Vector512.FusedMultiplyAdd(v, x, c3);
                d3 = Vector512.FusedMultiplyAdd(v, y, d3);
                if (TRows.Count > 4)
                {
                    v = Vector512.Create(p[4 * TOrder.Row]);
                    c4 = Vector512.FusedMultiplyAdd(v, x, c4);
                    d4 = Vector512.FusedMultiplyAdd(v, y, d4);
                    v = Vector512.Create(p[5 * TOrder.Row]);
                    c5 = Vector512.FusedMultiplyAdd(v, x, c5);
                    d5 = Vector512.FusedMultiplyAdd(v, y, d5);
                    v = Vector512.Create(p[6 * TOrder.Row]);
                    c6 = Vector512.FusedMultiplyAdd(v, x, c6);
                    d6 = Vector512.FusedMultiplyAdd(v, y, d6);
                    v = Vector512.Create(p[7 * TOrder.Row]);
                    c7 = Vector512.FusedMultiplyAdd(v, x, c7);
                    d7 = Vector512.FusedMultiplyAdd(v, y, d7);
                }
                if (TRows.Count > 8)
                {
                    v = Vector512.Create(p[8 * TOrder.Row]);
                    c8 = Vector512.FusedMultiplyAdd(v, x, c8);
                    d8 = Vector512.FusedMultiplyAdd(v, y, d8);
                    v = Vector512.Create(p[9 * TOrder.Row]);
                    c9 = Vector512.FusedMultiplyAdd(v, x, c9);
                    d9 = Vector512.FusedMultiplyAdd(v, y, d9);
                    v = Vector512.Create(p[10 * TOrder.Row]);
                    c10 = Vector512.FusedMultiplyAdd(v, x, c10);
                    d10 = Vector512.FusedMultiplyAdd(v, y, d10);
                    v = Vector512.Create(p[11 * TOrder.Row]);
                    c11 = Vector512.FusedMultiplyAdd(v, x, c11);
                    d11 = Vector512.FusedMultiplyAdd(v, y, d11);
                }
                p += TOrder.Next;
            } while (--count > 0);
        }
        if (bias is not null)
        {
            var x = Vector512.Load(bias);
            var y = Vector512.Load(bias + 16);
            (c0, d0) = (c0 + x, d0 + y);
            (c1, d1) = (c1 + x, d1 + y);
            (c2, d2) = (c2 + x, d2 + y);
            (c3, d3) = (c3 + x, d3 + y);
            if (TRows.Count > 4)
            {
                (c4, d4) = (c4 + x, d4 + y);
                (c5, d5) = (c5 + x, d5 + y);
                (c6, d6) = (c6 + x, d6 + y);
                (c7, d7) = (c7 + x, d7 + y);
            }
            if (TRows.Count > 8)
            {
                (c8, d8) = (c8 + x, d8 + y);
                (c9, d9) = (c9 + x, d9 + y);
                (c10, d10) = (c10 + x, d10 + y);
                (c11, d11) = (c11 + x, d11 + y);
            }
        }
        c0.Store(c);
        d0.Store(c + 16);
        c += stride;
        c1.Store(c);
        d1.Store(c + 16);
        c += stride;
        c2.Store(c);
        d2.Store(c + 16);
        c += stride;
        c3.Store(c);
        d3.Store(c + 16);
        c += stride;
        if (TRows.Count > 4)
        {
            c4.Store(c);
            d4.Store(c + 16);
            c += stride;
            c5.Store(c);
            d5.Store(c + 16);
            c += stride;
            c6.Store(c);
            d6.Store(c + 16);
            c += stride;
            c7.Store(c);
            d7.Store(c + 16);
            c += stride;
        }
        if (TRows.Count > 8)
        {
            c8.Store(c);
            d8.Store(c + 16);
            c += stride;
            c9.Store(c);
            d9.Store(c + 16);
            c += stride;
            c10.Store(c);
            d10.Store(c + 16);
            c += stride;
            c11.Store(c);
            d11.Store(c + 16);
            c += stride;
        }
    }
}
