using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void MatMulCore(View y, View x, Matrix w, View bias, int rows) => Product(Reals(y), w.OC, Reals(x), w, Reals(bias), rows);

    /// <summary>y = x·W (+ bias), y at any stride: what <see cref="MatMulCore"/> and the classifier share.</summary>
    private void Product(float* y, nint stride, float* x, Matrix w, float* bias, nint rows)
    {
        if (w is PackedPanels packed)
        {
            Gemm<RowStrips, StoredPanels>.Run(_pool, y, stride, new(x, w.IC), new(packed.Panels, packed.Stride), rows, w.OC, w.IC, bias);
            return;
        }
        var dense = Dense(w);
        float* values = Reals(dense.Values);
        if (dense.Transposed) Gemm<RowStrips, ColumnPanels>.RunTurned(_pool, y, stride, new(values, w.IC), new(x, w.IC, rows), w.OC, rows, w.IC, bias);
        else Gemm<RowStrips, RowPanels>.Run(_pool, y, stride, new(x, w.IC), new(values, w.OC, w.OC), rows, w.OC, w.IC, bias);
    }

    protected override void MatMulBackwardInputCore(View dx, View dy, Matrix w, int rows) => ProductBackward(Reals(dx), Reals(dy), w.OC, w, rows);

    /// <summary>
    /// dx = dy·Wᵀ, dy at any stride. Of packed panels either W is turned on the way, IC·OC elements, or dy and dx are, rows·(IC + OC): whichever are
    /// fewer.
    /// </summary>
    private void ProductBackward(float* dx, float* dy, nint stride, Matrix w, nint rows)
    {
        if (w is PackedPanels packed)
        {
            if (TurnsWeight(w.IC, w.OC, rows))
            {
                Gemm<RowStrips, TurnedPanels>.Run(_pool, dx, w.IC, new(dy, stride), new(packed.Panels, packed.Stride, w.IC), rows, w.IC, w.OC);
                return;
            }
            Gemm<PanelStrips, ColumnPanels>.RunTurned(_pool, dx, w.IC, new(packed.Panels, packed.Stride), new(dy, stride, rows), w.IC, rows, w.OC);
            return;
        }
        var dense = Dense(w);
        float* values = Reals(dense.Values);
        if (dense.Transposed) Gemm<RowStrips, RowPanels>.Run(_pool, dx, w.IC, new(dy, stride), new(values, w.IC, w.IC), rows, w.IC, w.OC);
        else Gemm<RowStrips, ColumnPanels>.RunTurned(_pool, dx, w.IC, new(values, w.OC), new(dy, stride, rows), w.IC, rows, w.OC);
    }

    private static bool TurnsWeight(long ic, long oc, nint rows) => ic * oc < rows * (ic + oc);

    protected override void MatMulBackwardWeightCore(View dw, View x, View dy, int rows, int ic, int oc) =>
        Gemm<ColumnStrips, RowPanels>.Run(_pool, Reals(dw), oc, new(Reals(x), ic), new(Reals(dy), oc, oc), ic, oc, rows, accumulate: true);

    protected override void BiasBackwardCore(View db, View dy, int rows, int oc)
    {
        var job = new BiasBackwardJob { Db = Reals(db), Dy = Reals(dy), Rows = rows, Columns = oc };
        Run(ref job, (long)rows * oc / 8, (oc + 15) / 16);
    }

    private struct BiasBackwardJob : IHostJob
    {
        public float* Db, Dy;
        public nint Rows, Columns;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Columns, 16, part, parts);
            nint o = from;
            for (; o + 16 <= to; o += 16)
            {
                var sum = Vector512.Load(Db + o);
                for (nint m = 0; m < Rows; m++) sum += Vector512.Load(Dy + m * Columns + o);
                sum.Store(Db + o);
            }
            for (; o < to; o++)
                for (nint m = 0; m < Rows; m++)
                    Db[o] += Dy[m * Columns + o];
        }
    }
}
