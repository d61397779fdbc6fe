using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    // One head of one sequence at a time, its rows in tiles: the scores of a tile are the only square thing in memory. All products are Tile's: X "turned" is a set of panels
    // [t / Width][HS][Width], whose lanes are positions (keys under queries) and which also serve as strips of Xᵀ; X "in panels" is [c / Width][T][Width], whose lanes are channels.

    protected override void AttentionCore(View y, View lse, View qkv, AttentionShape shape, DropoutMask dropout)
    {
        var job = new AttentionJob { Y = Reals(y), Lse = Reals(lse), Head = new(Reals(qkv), shape), Mask = new(dropout) };
        Run(ref job, (long)shape.Rows * shape.T * shape.C / 16, shape.B * shape.NH, job.ScratchSize());
    }

    protected override void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout)
    {
        var job = new AttentionBackwardJob { Dqkv = Reals(dqkv), Dy = Reals(dy), Y = Reals(y), Lse = Reals(lse), Head = new(Reals(qkv), shape), Mask = new(dropout) };
        Run(ref job, (long)shape.Rows * shape.T * shape.C / 8, shape.B * shape.NH, job.ScratchSize());
    }

    /// <summary>Where the rows of one head lie.</summary>
    private readonly struct HeadShape(float* qkv, AttentionShape shape)
    {
        public readonly float* Qkv = qkv;
        public readonly nint B = shape.B, T = shape.T, NH = shape.NH, HS = shape.HS, C = shape.C;
        public readonly float Scale = 1 / MathF.Sqrt(shape.HS);

        /// <summary>Elements from one position to the next in qkv.</summary>
        public nint Stride => 3 * C;

        /// <summary>T in whole panels.</summary>
        public nint PaddedT => (T + Tile.Width - 1) / Tile.Width * Tile.Width;

        public nint PaddedHS => (HS + Tile.Width - 1) / Tile.Width * Tile.Width;

        /// <summary>Elements of a set of turned panels, with the rows that strips of it may look past its end.</summary>
        public nint TurnedSize => (PaddedT / Tile.Width * HS + Tile.Rows) * Tile.Width;

        public nint PanelsSize => PaddedHS * T;

        /// <summary>q of the unit b·NH + h; k and v follow C and 2C elements later.</summary>
        public float* Query(nint unit) => Qkv + unit / NH * T * Stride + unit % NH * HS;

        /// <summary>x [positions, HS] turned: [t / Width][HS][Width], filled up with zeros.</summary>
        public void Turn(float* target, float* x, nint stride, nint positions)
        {
            nint width = Tile.Width;
            for (nint t = 0; t < positions; t += width) Transpose.Lanes(target + t * HS, width, x + t * stride, stride, Math.Min(width, positions - t), HS);
        }

        /// <summary>x [T, HS] in panels: [c / Width][T][Width], filled up with zeros.</summary>
        public void Cut(float* target, float* x, nint stride) => new RowPanels(x, stride, HS).Panels(target, 0, PaddedHS / Tile.Width, 0, T, out _);
    }

    /// <summary>Lane numbers, to compare with a count.</summary>
    private static Vector512<float> LaneNumbers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    }

    private struct AttentionJob : IHostJob
    {
        public float* Y, Lse;
        public HeadShape Head;
        public DropoutLanes Mask;

        public readonly long ScratchSize() => Head.TurnedSize + Head.PanelsSize + Tile.Rows * (Head.PaddedHS + Head.PaddedT) + Head.PaddedT;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Head.B * Head.NH, 1, part, parts);
            for (nint unit = from; unit < to; unit++) One(unit, scratch);
        }

        private readonly void One(nint unit, float* scratch)
        {
            var head = Head;
            nint width = Tile.Width, t = head.T, hs = head.HS;
            float* keys = scratch, values = keys + head.TurnedSize, strip = values + head.PanelsSize, scores = strip + Tile.Rows * head.PaddedHS, keep = scores + Tile.Rows * head.PaddedT;
            float* query = head.Query(unit), y = Y + unit / head.NH * t * head.C + unit % head.NH * hs;
            head.Turn(keys, query + head.C, head.Stride, t);
            head.Cut(values, query + 2 * head.C, head.Stride);
            for (nint i = 0; i < t; i += Tile.Rows)
            {
                nint rows = Math.Min(Tile.Rows, t - i), end = i + rows, scoreChunk = Tile.Rows * width;
                float* q = new RowStrips(query, head.Stride).Strip(strip, i, rows, 0, hs, out nint chunk);
                for (nint j = 0; j < end; j += width) Tile.Multiply(scores + j * Tile.Rows, width, rows, width, q, chunk, keys + j * hs, hs, false, null, default);
                for (nint r = 0; r < rows; r++)
                    Lse[unit * t + i + r] = Softmax(scores + r * width, scoreChunk, i + r + 1, end, (unit * t + i + r) * t, keep, strip + r);
                for (nint c = 0; c < hs; c += width)
                    Tile.Multiply(y + i * head.C + c, head.C, rows, Math.Min(width, hs - c), scores, scoreChunk, values + c * t, end, false, null, default);
                for (nint r = 0; r < rows; r++) Multiply(y + (i + r) * head.C, strip[r], hs);
            }
        }

        /// <summary>Turns a row of scores into exp(s − max), dropped, with zeros from <paramref name="count"/> to <paramref name="end"/>; gives lse and 1/Σ.</summary>
        private readonly float Softmax(float* scores, nint chunk, nint count, nint end, long element, float* keep, float* inverse)
        {
            nint width = Tile.Width;
            var largest = Vector512.Create(float.NegativeInfinity);
            for (nint j = 0; j < count; j += 16)
            {
                var s = Vector512.Load(scores + j / width * chunk + j % width);
                if (j + 16 > count) s = Vector512.ConditionalSelect(Vector512.LessThan(LaneNumbers, Vector512.Create((float)(count - j))), s, Vector512.Create(float.NegativeInfinity));
                largest = VectorMath.Larger(largest, s);
            }
            float max = VectorMath.Max(largest) * Head.Scale;
            Vector512<float> scale = Vector512.Create(Head.Scale), shift = Vector512.Create(-max), sum = Vector512<float>.Zero;
            if (!Mask.IsNone) Mask.Fill(keep, element, count);
            for (nint j = 0; j < end; j += 16)
            {
                float* place = scores + j / width * chunk + j % width;
                var e = VectorMath.Exp(Vector512.FusedMultiplyAdd(Vector512.Load(place), scale, shift));
                if (j + 16 > count) e &= Vector512.LessThan(LaneNumbers, Vector512.Create((float)(count - j)));
                sum += e;
                (Mask.IsNone ? e : e * Vector512.Load(keep + j)).Store(place);
            }
            float total = VectorMath.Sum(sum);
            *inverse = 1 / total;
            return max + VectorMath.Log(total);
        }

        private static void Multiply(float* y, float factor, nint count)
        {
            nint i = 0;
            for (; i + 16 <= count; i += 16) (Vector512.Load(y + i) * Vector512.Create(factor)).Store(y + i);
            for (; i < count; i++) y[i] *= factor;
        }
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
                    var inside = Vector512.LessThan(LaneNumbers, Vector512.Create((float)(count - j)));
                    (dropped, gradient) = (dropped & inside, gradient & inside);
                }
                dropped.Store(s + place);
                gradient.Store(dp + place);
            }
        }
    }

    protected override void AttentionCachedCore(View y, View keys, View values, View qkv, int position, int count, int nh, int hs)
    {
        var job = new AttentionCachedJob { Y = Reals(y), Keys = Reals(keys), Values = Reals(values), Qkv = Reals(qkv), Position = position, Count = count, NH = nh, HS = hs };
        Run(ref job, (long)count * (position + count) * nh * hs / 8, nh, position + count + 16);
    }

    /// <summary>New rows against the cache, head by head: the scores are dot products, y a weighted sum of rows.</summary>
    private struct AttentionCachedJob : IHostJob
    {
        public float* Y, Keys, Values, Qkv;
        public nint Position, Count, NH, HS;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(NH, 1, part, parts);
            nint c = NH * HS;
            for (nint h = from; h < to; h++)
            {
                for (nint i = 0; i < Count; i++)
                {
                    Unsafe.CopyBlockUnaligned(Keys + (Position + i) * c + h * HS, Qkv + (3 * i + 1) * c + h * HS, (uint)HS * 4);
                    Unsafe.CopyBlockUnaligned(Values + (Position + i) * c + h * HS, Qkv + (3 * i + 2) * c + h * HS, (uint)HS * 4);
                }
                for (nint i = 0; i < Count; i++) Row(Y + i * c + h * HS, Qkv + 3 * i * c + h * HS, Keys + h * HS, Values + h * HS, Position + i + 1, scratch);
            }
        }

        private readonly void Row(float* y, float* q, float* keys, float* values, nint positions, float* scores)
        {
            nint c = NH * HS;
            float scale = 1 / MathF.Sqrt(HS), max = float.NegativeInfinity;
            for (nint j = 0; j < positions; j++)
            {
                scores[j] = VectorMath.Dot(q, keys + j * c, HS) * scale;
                if (scores[j] > max) max = scores[j];
            }
            for (nint j = positions; j % 16 != 0; j++) scores[j] = float.NegativeInfinity;
            var sum = Vector512<float>.Zero;
            for (nint j = 0; j < positions; j += 16)
            {
                var e = VectorMath.Exp(Vector512.Load(scores + j) - Vector512.Create(max));
                sum += e;
                e.Store(scores + j);
            }
            float inverse = 1 / VectorMath.Sum(sum);
            nint o = 0;
            for (; o + 16 <= HS; o += 16)
            {
                var total = Vector512<float>.Zero;
                for (nint j = 0; j < positions; j++) total = Vector512.FusedMultiplyAdd(Vector512.Create(scores[j]), Vector512.Load(values + j * c + o), total);
                (total * Vector512.Create(inverse)).Store(y + o);
            }
            for (; o < HS; o++)
            {
                float total = 0;
                for (nint j = 0; j < positions; j++) total = MathF.FusedMultiplyAdd(scores[j], values[j * c + o], total);
                y[o] = total * inverse;
            }
        }
    }
}
