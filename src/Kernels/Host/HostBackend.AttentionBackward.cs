using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout)
    {
        var head = new HeadShape(Reals(qkv), shape);
        var job = new AttentionBackwardJob { Dqkv = Reals(dqkv), Dy = Reals(dy), Y = Reals(y), Lse = Reals(lse), Head = head, Mask = new(dropout) };
        Run(ref job, (long)shape.Rows * shape.T * shape.C / 8, shape.B * shape.NH, job.ScratchSize());
    }

    private struct AttentionBackwardJob : IHostJob
    {
        /// <summary>Queries whose p and ds are in memory together: a multiple of every tile width.</summary>
        private const int BlockRows = 64;

        public float* Dqkv, Dy, Y, Lse;
        public HeadShape Head;
        public DropoutLanes Mask;

        public readonly long ScratchSize() =>
            2 * Head.TurnedSize + 5 * Head.PanelsSize + (2 * BlockRows + Tile.Rows) * Head.PaddedT + (VectorMath.Lanes + 1) * VectorMath.Lanes;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Head.B * Head.NH, 1, part, parts);
            for (nint unit = from; unit < to; unit++) One(unit, scratch);
        }

        private readonly void One(nint unit, float* scratch)
        {
            var head = Head;
            nint width = Tile.Width, t = head.T, hs = head.HS, strips = t * width;
            float* keysTurned = scratch, valuesTurned = keysTurned + head.TurnedSize;
            float* queries = valuesTurned + head.TurnedSize, keys = queries + head.PanelsSize, dys = keys + head.PanelsSize;
            float* dkeys = dys + head.PanelsSize, dvalues = dkeys + head.PanelsSize;
            float* p = dvalues + head.PanelsSize, ds = p + BlockRows * head.PaddedT, rest = ds + BlockRows * head.PaddedT;
            float* query = head.Query(unit), dquery = Dqkv + (query - head.Qkv), y = Y + unit / head.NH * t * head.C + unit % head.NH * hs, dy = Dy + (y - Y);
            bool once = t <= BlockRows; // no sums to keep over several blocks
            nint stride = once ? head.Stride : width;
            head.Turn(keysTurned, query + head.C, head.Stride, t);
            head.Turn(valuesTurned, query + 2 * head.C, head.Stride, t);
            head.Cut(queries, query, head.Stride);
            head.Cut(keys, query + head.C, head.Stride);
            head.Cut(dys, dy, head.C);
            for (nint block = 0; block < t; block += BlockRows)
            {
                nint end = Math.Min(block + BlockRows, t);
                for (nint i = block, rows; i < end; i += rows)
                {
                    rows = head.StripRows(i);
                    float* s = p + (i - block) * width, dp = ds + (i - block) * width;
                    for (nint j = 0; j < i + rows; j += width)
                    {
                        nint lanes = Math.Min(width, (i + rows - j + 15) & ~15);
                        Tile.Multiply(s + j * BlockRows, width, rows, lanes, queries + i * width, strips, keysTurned + j * hs, hs, false, null, default);
                        Tile.Multiply(dp + j * BlockRows, width, rows, lanes, dys + i * width, strips, valuesTurned + j * hs, hs, false, null, default);
                    }
                    Slopes(s, dp, dy + i * head.C, y + i * head.C, unit * t + i, i, rows, rest);
                    // dq_i = Σ_j ds_ij·k_j
                    for (nint c = 0; c < hs; c += width)
                    {
                        float* dq = dquery + i * head.Stride + c;
                        Tile.Multiply(dq, head.Stride, rows, Math.Min(width, hs - c), dp, BlockRows * width, keys + c * t, i + rows, false, null, default);
                    }
                }
                // dv_j += Σ_i p_ij·dy_i, dk_j += Σ_i ds_ij·q_i over the block's i ≥ j
                for (nint j = 0, rows; j < end; j += rows)
                {
                    rows = head.StripRows(j);
                    nint first = Math.Max(block, j), place = InPanels(j, BlockRows) + (first - block) * width;
                    for (nint c = 0; c < hs; c += width)
                    {
                        float* dv = once ? dquery + j * head.Stride + 2 * head.C + c : dvalues + c * t + j * width;
                        float* dk = once ? dquery + j * head.Stride + head.C + c : dkeys + c * t + j * width;
                        nint lanes = Math.Min(width, hs - c);
                        Tile.MultiplyTurned(dv, stride, rows, lanes, p + place, dys + c * t + first * width, end - first, j < block);
                        Tile.MultiplyTurned(dk, stride, rows, lanes, ds + place, queries + c * t + first * width, end - first, j < block);
                    }
                }
            }
            if (once) return;
            head.Paste(dquery + head.C, head.Stride, dkeys);
            head.Paste(dquery + 2 * head.C, head.Stride, dvalues);
        }

        /// <summary>
        /// In rows i …: s becomes drop(p), dp becomes ds/√HS = p·(keep·dp − δ)/√HS; both zero from the diagonal to the end of the last row's vector.
        /// </summary>
        private readonly void Slopes(float* s, float* dp, float* dy, float* y, nint row, nint i, nint rows, float* scratch)
        {
            float* lanes = scratch, deltas = lanes + VectorMath.Lanes * VectorMath.Lanes, keep = deltas + VectorMath.Lanes;
            for (nint r = 0; r < rows; r++) VectorMath.DotLanes(dy + r * Head.C, y + r * Head.C, Head.HS).Store(lanes + r * VectorMath.Lanes);
            Reductions.Sums(deltas, lanes, rows);
            if (Mask.IsNone) keep = null;
            else
                for (nint r = 0; r < rows; r++) Mask.Fill(keep + r * Head.PaddedT, (row + r) * Head.T, i + r + 1);
            Slopes(s, dp, Lse + row, deltas, keep, Head.PaddedT, Head.Scale, i, rows);
        }

        private static void Slopes(float* s, float* dp, float* lse, float* delta, float* keep, nint keepStride, float factor, nint i, nint rows)
        {
            nint whole = (i + 1) & ~15, end = i + rows;
            Vector512<float> scale = Vector512.Create(factor), kept = Vector512<float>.One;
            for (nint r = 0; r < rows; r++, s += Tile.Width, dp += Tile.Width)
            {
                Vector512<float> minusLse = Vector512.Create(-lse[r]), minusDelta = Vector512.Create(-delta[r]);
                for (nint j = 0; j < end; j += 16)
                {
                    nint place = InPanels(j, BlockRows);
                    var e = VectorMath.ExpFlushed(Below(Vector512.Load(s + place), scale, minusLse));
                    if (keep is not null) kept = Vector512.Load(keep + r * keepStride + j);
                    var dropped = e * kept;
                    var slope = e * Vector512.FusedMultiplyAdd(kept, Vector512.Load(dp + place), minusDelta) * scale;
                    if (j >= whole)
                    {
                        var inside = FirstLanes(i + r + 1 - j);
                        (dropped, slope) = (dropped & inside, slope & inside);
                    }
                    dropped.Store(s + place);
                    slope.Store(dp + place);
                }
            }
        }
    }
}
