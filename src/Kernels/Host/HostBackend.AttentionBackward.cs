using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout)
    {
        var job = new AttentionBackwardJob { Dqkv = Reals(dqkv), Dy = Reals(dy), Y = Reals(y), Lse = Reals(lse), Head = new(Reals(qkv), shape), Mask = new(dropout) };
        Run(ref job, (long)shape.Rows * shape.T * shape.C / 8, shape.B * shape.NH, job.ScratchSize());
    }

    private struct AttentionBackwardJob : IHostJob
    {
        /// <summary>Rows of a tile: several strips, a multiple of every tile width.</summary>
        private const int TileRows = 64;

        public float* Dqkv, Dy, Y, Lse;
        public HeadShape Head;
        public DropoutLanes Mask;

        public readonly long ScratchSize() =>
            4 * Head.TurnedSize + Head.PanelsSize + 2 * (Tile.Rows + TileRows) * Head.HS + 2 * Tile.Rows * Tile.Width + Tile.Rows * Head.PaddedHS + (2 * TileRows + 1) * Head.PaddedT;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Head.B * Head.NH, 1, part, parts);
            for (nint unit = from; unit < to; unit++) One(unit, scratch);
        }

        private readonly void One(nint unit, float* scratch)
        {
            var head = Head;
            nint width = Tile.Width, t = head.T, hs = head.HS, turnedTile = (TileRows * hs) + Tile.Rows * width;
            float* keys = scratch, values = keys + head.TurnedSize, dkeys = values + head.TurnedSize, dvalues = dkeys + head.TurnedSize, keyPanels = dvalues + head.TurnedSize;
            float* queriesTurned = keyPanels + head.PanelsSize, dyTurned = queriesTurned + turnedTile, strip = dyTurned + turnedTile;
            float* p = strip + Tile.Rows * head.PaddedHS, ds = p + TileRows * head.PaddedT, keep = ds + TileRows * head.PaddedT;
            float* query = head.Query(unit), dquery = Dqkv + (query - head.Qkv), y = Y + unit / head.NH * t * head.C + unit % head.NH * hs, dy = Dy + (y - Y);
            head.Turn(keys, query + head.C, head.Stride, t);
            head.Turn(values, query + 2 * head.C, head.Stride, t);
            head.Cut(keyPanels, query + head.C, head.Stride);
            for (nint i = 0; i < t; i += TileRows)
            {
                nint rows = Math.Min(TileRows, t - i), end = i + rows;
                head.Turn(queriesTurned, query + i * head.Stride, head.Stride, rows);
                head.Turn(dyTurned, dy + i * head.C, head.C, rows);
                for (nint r = 0; r < rows; r += Tile.Rows)
                {
                    nint count = Math.Min(Tile.Rows, rows - r);
                    Scores(p + r * width, keys, query, head.Stride, strip, i + r, count);
                    Scores(ds + r * width, values, dy, head.C, strip, i + r, count);
                }
                for (nint r = 0; r < rows; r++)
                {
                    float delta = VectorMath.Dot(dy + (i + r) * head.C, y + (i + r) * head.C, hs);
                    Row(p + r * width, ds + r * width, i + r + 1, end, delta, Lse[unit * t + i + r], (unit * t + i + r) * t, keep);
                }
                // dq_i = Σ_j ds_ij·k_j
                for (nint r = 0; r < rows; r += Tile.Rows)
                {
                    nint count = Math.Min(Tile.Rows, rows - r);
                    for (nint c = 0; c < hs; c += width)
                        Tile.Multiply(dquery + (i + r) * head.Stride + c, head.Stride, count, Math.Min(width, hs - c), ds + r * width, TileRows * width, keyPanels + c * t, i + r + count, false, null, default);
                }
                // dv_j += Σ_i p_ij·dy_i, dk_j += Σ_i ds_ij·q_i, both turned: rows are channels, lanes are j
                for (nint j = 0; j < end; j += width)
                {
                    nint first = Math.Max(0, j - i);
                    for (nint c = 0; c < hs; c += Tile.Rows)
                    {
                        nint count = Math.Min(Tile.Rows, hs - c);
                        Tile.Multiply(dvalues + j * hs + c * width, width, count, width, dyTurned + first * hs + c * width, width * hs, p + j * TileRows + first * width, rows - first, j < i, null, default);
                        Tile.Multiply(dkeys + j * hs + c * width, width, count, width, queriesTurned + first * hs + c * width, width * hs, ds + j * TileRows + first * width, rows - first, j < i, null, default);
                    }
                }
            }
            for (nint j = 0; j < t; j += width)
            {
                nint count = Math.Min(width, t - j);
                Transpose.Rows(dquery + j * head.Stride + head.C, head.Stride, dkeys + j * hs, width, hs, count);
                Transpose.Rows(dquery + j * head.Stride + 2 * head.C, head.Stride, dvalues + j * hs, width, hs, count);
            }
        }

        /// <summary>A strip of rows of X against turned panels: scores[r, j] = x_i·k_j for all panels that hold a j ≤ the last i.</summary>
        private readonly void Scores(float* scores, float* turned, float* x, nint stride, float* strip, nint i, nint rows)
        {
            nint width = Tile.Width, hs = Head.HS;
            float* a = new RowStrips(x, stride).Strip(strip, i, rows, 0, hs, out nint chunk);
            for (nint j = 0; j < i + rows; j += width) Tile.Multiply(scores + j * TileRows, width, rows, width, a, chunk, turned + j * hs, hs, false, null, default);
        }

        /// <summary>s becomes drop(p), and dp becomes ds/√HS = p·(keep·dp − δ)/√HS, both zero from <paramref name="count"/> to the end of the tile's last panel.</summary>
        private readonly void Row(float* s, float* dp, nint count, nint end, float delta, float lse, long element, float* keep)
        {
            nint width = Tile.Width, padded = (end + width - 1) / width * width;
            Vector512<float> scale = Vector512.Create(Head.Scale), shift = Vector512.Create(-lse), minusDelta = Vector512.Create(-delta);
            if (!Mask.IsNone) Mask.Fill(keep, element, count);
            for (nint j = 0; j < padded; j += 16)
            {
                nint place = j / width * TileRows * width + j % width;
                if (j >= count)
                {
                    Vector512<float>.Zero.Store(s + place);
                    Vector512<float>.Zero.Store(dp + place);
                    continue;
                }
                var e = VectorMath.Exp(Vector512.FusedMultiplyAdd(Vector512.Load(s + place), scale, shift));
                var kept = Mask.IsNone ? Vector512<float>.One : Vector512.Load(keep + j);
                var dropped = e * kept;
                var gradient = e * Vector512.FusedMultiplyAdd(kept, Vector512.Load(dp + place), minusDelta) * scale;
                if (j + 16 > count)
                {
                    var inside = FirstLanes(count - j);
                    (dropped, gradient) = (dropped & inside, gradient & inside);
                }
                dropped.Store(s + place);
                gradient.Store(dp + place);
            }
        }
    }
}
