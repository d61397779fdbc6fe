using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    /// <summary>Logits that exist at a time, 26 MB; twice as many where the weight is trained.</summary>
    private const long ChunkElements = 6_500_000;

    /// <summary>Rows of a chunk, by the vocabulary alone: whole panels of rows for the backward product.</summary>
    private static nint ChunkRows(nint vocabulary) => (nint)Math.Clamp(ChunkElements / vocabulary / 32 * 32, 32, 256);

    /// <summary>Elements from one row of logits to the next: whole vectors.</summary>
    private static nint RowStride(nint vocabulary) => (vocabulary + 15) & ~15;

    protected override void ClassifierCore(View losses, IntView argmax, View dx, View dw, View x, Matrix w, IntView targets, int rows, float gradientScale)
    {
        RequireIds(Ids(targets), rows, -1, w.OC, nameof(targets));
        // Every chunk reads and writes all of dW: with dW the chunks are twice as large.
        nint vocabulary = w.OC, chunk = Math.Min(ChunkRows(vocabulary) * (dw.IsEmpty ? 1 : 2), rows), stride = RowStride(vocabulary);
        float* logits = Workspace(chunk * stride);
        for (nint m = 0; m < rows; m += chunk)
        {
            nint count = Math.Min(chunk, rows - m);
            float* rowsOfX = Reals(x) + m * w.IC;
            Product(logits, stride, rowsOfX, w, null, count);
            var job = new CrossEntropyJob
            {
                Logits = logits,
                Stride = stride,
                Rows = count,
                Vocabulary = vocabulary,
                Losses = Reals(losses) + m,
                Argmax = argmax.IsEmpty ? null : Ids(argmax) + m,
                Targets = Ids(targets) + m,
                Backward = !dx.IsEmpty,
                GradientScale = gradientScale,
            };
            Run(ref job, count * vocabulary, count);
            if (dx.IsEmpty) continue;
            ProductBackward(Reals(dx) + m * w.IC, logits, stride, w, count);
            if (!dw.IsEmpty)
                Gemm<ColumnStrips, RowPanels>.Run(_pool, Reals(dw), w.IC,
                    new(logits, stride), new(rowsOfX, w.IC, w.IC), vocabulary, w.IC, count, accumulate: true);
        }
    }

    /// <summary>The row's largest logit; of NaN it takes no notice, the sum that follows does.</summary>
    private static float Largest(float* z, nint count)
    {
        Vector512<float> even = Vector512.Create(float.NegativeInfinity), odd = even;
        nint v = 0;
        for (; v + 32 <= count; v += 32)
        {
            even = VectorMath.Larger(even, Vector512.Load(z + v));
            odd = VectorMath.Larger(odd, Vector512.Load(z + v + 16));
        }
        for (; v < count; v += 16) even = VectorMath.Larger(even, VectorMath.LoadTail(z + v, count - v, float.NegativeInfinity));
        return VectorMath.Max(VectorMath.Larger(even, odd));
    }

    /// <summary>Σ exp(z − max), kept in place where <paramref name="keep"/>.</summary>
    private static float SumOfExp(float* z, nint count, float max, bool keep)
    {
        Vector512<float> shift = Vector512.Create(max), sum = Vector512<float>.Zero;
        nint v = 0;
        for (; v + 16 <= count; v += 16)
        {
            var e = VectorMath.ExpFlushed(Vector512.Load(z + v) - shift);
            sum += e;
            if (keep) e.Store(z + v);
        }
        if (v == count) return VectorMath.Sum(sum);
        var last = VectorMath.ExpFlushed(VectorMath.LoadTail(z + v, count - v, float.NegativeInfinity) - shift);
        float total = VectorMath.Sum(sum + last);
        if (keep) VectorMath.StoreTail(last, z + v, count - v);
        return total;
    }

    /// <summary>The lowest index of <paramref name="max"/>.</summary>
    private static int IndexOf(float* z, nint count, float max)
    {
        nint v = 0;
        for (; v + 16 <= count; v += 16)
            if (Vector512.EqualsAny(Vector512.Load(z + v), Vector512.Create(max)))
                break;
        for (; v < count; v++)
            if (z[v] == max)
                return (int)v;
        return 0;
    }

    /// <summary>losses = lse − z_target, and z becomes gradientScale·(softmax − onehot).</summary>
    private struct CrossEntropyJob : IHostJob
    {
        public float* Logits, Losses;
        public int* Argmax, Targets;
        public nint Rows, Stride, Vocabulary;
        public bool Backward;
        public float GradientScale;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 1, part, parts);
            for (nint m = from; m < to; m++) Row(Logits + m * Stride, m);
        }

        private readonly void Row(float* z, nint m)
        {
            int target = Targets[m];
            float max = Largest(z, Vocabulary);
            if (Argmax is not null) Argmax[m] = IndexOf(z, Vocabulary, max);
            if (target < 0)
            {
                Losses[m] = 0;
                if (Backward) new Span<float>(z, (int)Vocabulary).Clear();
                return;
            }
            float targetLogit = z[target], sum = SumOfExp(z, Vocabulary, max, Backward);
            Losses[m] = VectorMath.Log(sum) + (max - targetLogit);
            if (!Backward) return;
            float factor = GradientScale / sum;
            nint v = 0;
            for (; v + 16 <= Vocabulary; v += 16) (Vector512.Load(z + v) * Vector512.Create(factor)).Store(z + v);
            for (; v < Vocabulary; v++) z[v] *= factor;
            z[target] -= GradientScale;
        }
    }

    protected override void ClassifierTopKCore(IntView ids, View logits, View lse, View x, Matrix w, int rows, int k)
    {
        nint vocabulary = w.OC, chunk = Math.Min(ChunkRows(vocabulary), rows), stride = RowStride(vocabulary);
        float* z = Workspace(chunk * stride);
        for (nint m = 0; m < rows; m += chunk)
        {
            nint count = Math.Min(chunk, rows - m);
            Product(z, stride, Reals(x) + m * w.IC, w, null, count);
            var job = new TopKJob
            {
                Logits = z,
                Stride = stride,
                Rows = count,
                Vocabulary = vocabulary,
                K = k,
                Ids = Ids(ids) + m * k,
                Values = Reals(logits) + m * k,
                Lse = Reals(lse) + m,
            };
            Run(ref job, count * vocabulary, count, TopK.Scratch(vocabulary, k));
        }
    }

    private struct TopKJob : IHostJob
    {
        public float* Logits, Values, Lse;
        public int* Ids;
        public nint Rows, Stride, Vocabulary, K;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 1, part, parts);
            for (nint m = from; m < to; m++)
            {
                float* z = Logits + m * Stride;
                TopK.Select(z, Vocabulary, K, Values + m * K, Ids + m * K, scratch);
                float max = Largest(z, Vocabulary);
                Lse[m] = max + VectorMath.Log(SumOfExp(z, Vocabulary, max, false));
            }
        }
    }
}
