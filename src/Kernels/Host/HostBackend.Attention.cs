using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    // One head of one sequence at a time, its rows in strips: the scores of a strip (in the backward pass, of a block of strips)
    // are the only square thing in memory. All products are Tile's: X "turned" is a set of panels [t / Width][HS][Width], whose lanes are positions
    // (keys under queries); X "in panels" is [c / Width][T][Width], whose lanes are channels and which also serve as strips of X.

    protected override void AttentionCore(View y, View lse, View qkv, AttentionShape shape, DropoutMask dropout)
    {
        var job = new AttentionJob { Y = Reals(y), Lse = Reals(lse), Head = new(Reals(qkv), shape), Mask = new(dropout) };
        Run(ref job, (long)shape.Rows * shape.T * shape.C / 16, shape.B * shape.NH, job.ScratchSize());
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

        /// <summary>Elements of a set of turned panels.</summary>
        public nint TurnedSize => PaddedT * HS;

        /// <summary>Elements of a set of panels, with the rows that strips of it may look past its end.</summary>
        public nint PanelsSize => PaddedHS * T + Tile.Rows * Tile.Width;

        /// <summary>
        /// Rows of the strip that begins at row i. Strips end where panels of positions end, so that none meets the next panel for the sake of a few rows.
        /// </summary>
        public nint StripRows(nint i) => Math.Min(Tile.Rows, Math.Min(T, (i / Tile.Width + 1) * Tile.Width) - i);

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

        /// <summary>The opposite of <see cref="Cut"/>: panels to x [T, HS].</summary>
        public void Paste(float* x, nint stride, float* panels)
        {
            nint width = Tile.Width;
            for (nint t = 0; t < T; t++)
            {
                nint c = 0;
                for (; c + width <= HS; c += width) Host.Copy.Chunk(x + t * stride + c, panels + c * T + t * width);
                if (c < HS) Unsafe.CopyBlockUnaligned(x + t * stride + c, panels + c * T + t * width, (uint)(HS - c) * 4);
            }
        }
    }

    /// <summary>Where column j lies in the row of a block [j / Width][rows][Width], seen from the row's beginning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint InPanels(nint j, nint rows) => j + (j & -Tile.Width) * (rows - 1);

    /// <summary>All bits in the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FirstLanes(nint count) => Vector512.LessThan(VectorMath.LaneNumbers, Vector512.Create((float)count));

    /// <summary>
    /// scale·s − shift of a shift that is at least as large, rounded: as much as 100 above 0 where scores are beyond 10⁹, which is taken as 0. NaN stays
    /// NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Below(Vector512<float> s, Vector512<float> scale, Vector512<float> minusShift) =>
        Vector512.MinNative(Vector512<float>.Zero, Vector512.FusedMultiplyAdd(s, scale, minusShift));

    private struct AttentionJob : IHostJob
    {
        public float* Y, Lse;
        public HeadShape Head;
        public DropoutLanes Mask;

        public readonly long ScratchSize() =>
            Head.TurnedSize + Head.PanelsSize + Tile.Rows * (Head.PaddedHS + Head.PaddedT) + Head.PaddedT + (VectorMath.Lanes + 2) * VectorMath.Lanes;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Head.B * Head.NH, 1, part, parts);
            for (nint unit = from; unit < to; unit++) One(unit, scratch);
        }

        private readonly void One(nint unit, float* scratch)
        {
            var head = Head;
            nint width = Tile.Width, t = head.T, hs = head.HS, scoreChunk = Tile.Rows * width;
            float* keys = scratch, values = keys + head.TurnedSize, strip = values + head.PanelsSize, scores = strip + Tile.Rows * head.PaddedHS;
            float* inverses = scores + Tile.Rows * head.PaddedT, rest = inverses + VectorMath.Lanes;
            float* query = head.Query(unit), y = Y + unit / head.NH * t * head.C + unit % head.NH * hs;
            head.Turn(keys, query + head.C, head.Stride, t);
            head.Cut(values, query + 2 * head.C, head.Stride);
            for (nint i = 0, rows; i < t; i += rows)
            {
                rows = head.StripRows(i);
                nint end = i + rows;
                float* q = new RowStrips(query, head.Stride).Strip(strip, i, rows, 0, hs, out nint chunk);
                for (nint j = 0; j < end; j += width)
                {
                    nint lanes = Math.Min(width, (end - j + 15) & ~15);
                    Tile.Multiply(scores + j * Tile.Rows, width, rows, lanes, q, chunk, keys + j * hs, hs, false, null, default);
                }
                Softmax(scores, inverses, unit * t + i, i, rows, rest);
                for (nint c = 0; c < hs; c += width)
                    Tile.Multiply(y + i * head.C + c, head.C, rows, Math.Min(width, hs - c), scores, scoreChunk, values + c * t, end, false, null, default);
                for (nint r = 0; r < rows; r++) Multiply(y + (i + r) * head.C, inverses[r], hs);
            }
        }

        /// <summary>
        /// Turns rows i … of scores into exp(s − max), dropped, with zeros from the diagonal to the end of the last row's vector; gives lse and 1/Σ.
        /// All rows take each step before the next, so that their latencies overlap.
        /// </summary>
        private readonly void Softmax(float* scores, float* inverses, nint row, nint i, nint rows, float* scratch)
        {
            float* lanes = scratch, maxima = lanes + VectorMath.Lanes * VectorMath.Lanes, keep = maxima + VectorMath.Lanes;
            Largest(lanes, scores, i, rows);
            Reductions.Maxima(maxima, lanes, rows);
            var largest = Vector512.Load(maxima) * Vector512.Create(Head.Scale);
            largest.Store(maxima);
            Exponentials(lanes, scores, maxima, Head.Scale, i, rows);
            Reductions.Sums(inverses, lanes, rows);
            var sums = Vector512.Load(inverses);
            (Vector512<float>.One / sums).Store(inverses);
            (largest + VectorMath.Log(sums)).Store(maxima);
            for (nint r = 0; r < rows; r++) Lse[row + r] = maxima[r];
            if (Mask.IsNone) return;
            for (nint r = 0; r < rows; r++)
            {
                Mask.Fill(keep, (row + r) * Head.T, i + r + 1);
                Drop(scores + r * Tile.Width, keep, i + r + 1);
            }
        }

        private static void Largest(float* lanes, float* scores, nint i, nint rows)
        {
            nint whole = (i + 1) & ~15, end = i + rows;
            for (nint r = 0; r < rows; r++, scores += Tile.Width)
            {
                var largest = Vector512.Create(float.NegativeInfinity);
                for (nint j = 0; j < whole; j += 16) largest = VectorMath.Larger(largest, Vector512.Load(scores + InPanels(j, Tile.Rows)));
                for (nint j = whole; j < end; j += 16)
                {
                    var s = Vector512.Load(scores + InPanels(j, Tile.Rows));
                    largest = VectorMath.Larger(largest, Vector512.ConditionalSelect(FirstLanes(i + r + 1 - j), s, largest));
                }
                largest.Store(lanes + r * VectorMath.Lanes);
            }
        }

        /// <summary>s becomes exp(scale·s − max); their sums in sixteen chains per row.</summary>
        private static void Exponentials(float* lanes, float* scores, float* maxima, float factor, nint i, nint rows)
        {
            nint whole = (i + 1) & ~15, end = i + rows;
            var scale = Vector512.Create(factor);
            for (nint r = 0; r < rows; r++, scores += Tile.Width)
            {
                Vector512<float> shift = Vector512.Create(-maxima[r]), sum = Vector512<float>.Zero;
                for (nint j = 0; j < whole; j += 16)
                {
                    float* place = scores + InPanels(j, Tile.Rows);
                    var e = VectorMath.ExpFlushed(Below(Vector512.Load(place), scale, shift));
                    e.Store(place);
                    sum += e;
                }
                for (nint j = whole; j < end; j += 16)
                {
                    float* place = scores + InPanels(j, Tile.Rows);
                    var e = VectorMath.ExpFlushed(Below(Vector512.Load(place), scale, shift)) & FirstLanes(i + r + 1 - j);
                    e.Store(place);
                    sum += e;
                }
                sum.Store(lanes + r * VectorMath.Lanes);
            }
        }

        private static void Drop(float* row, float* keep, nint count)
        {
            for (nint j = 0; j < count; j += 16)
            {
                float* place = row + InPanels(j, Tile.Rows);
                (Vector512.Load(place) * (Vector512.Load(keep + j) & FirstLanes(count - j))).Store(place);
            }
        }

        private static void Multiply(float* y, float factor, nint count)
        {
            nint i = 0;
            for (; i + 16 <= count; i += 16) (Vector512.Load(y + i) * Vector512.Create(factor)).Store(y + i);
            for (; i < count; i++) y[i] *= factor;
        }
    }
}
