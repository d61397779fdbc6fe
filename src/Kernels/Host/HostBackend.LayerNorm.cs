using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void LayerNormCore(View y, View mean, View rstd, View x, View gamma, View beta, int rows, int c, float epsilon)
    {
        var job = new LayerNormJob
        {
            Y = Reals(y),
            Mean = Reals(mean),
            Rstd = Reals(rstd),
            X = Reals(x),
            Gamma = Reals(gamma),
            Beta = Reals(beta),
            Rows = rows,
            C = c,
            Epsilon = epsilon,
        };
        Run(ref job, (long)rows * c, rows);
    }

    private struct LayerNormJob : IHostJob
    {
        public float* Y, Mean, Rstd, X, Gamma, Beta;
        public nint Rows, C;
        public float Epsilon;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 1, part, parts);
            for (nint m = from; m < to; m++) Row(X + m * C, Y + m * C, m);
        }

        private readonly void Row(float* x, float* y, nint m)
        {
            nint c = C, whole = c & ~15, rest = c - whole;
            var sum = Vector512<float>.Zero;
            for (nint i = 0; i < whole; i += 16) sum += Vector512.Load(x + i);
            if (rest > 0) sum += VectorMath.LoadTail(x + whole, rest);
            float mean = VectorMath.Sum(sum) / c;

            var center = Vector512.Create(mean);
            var squares = Vector512<float>.Zero;
            for (nint i = 0; i < whole; i += 16)
            {
                var d = Vector512.Load(x + i) - center;
                squares = Vector512.FusedMultiplyAdd(d, d, squares);
            }
            if (rest > 0)
            {
                var d = VectorMath.LoadTail(x + whole, rest, mean) - center;
                squares = Vector512.FusedMultiplyAdd(d, d, squares);
            }
            float rstd = 1 / MathF.Sqrt(VectorMath.Sum(squares) / c + Epsilon);

            var scale = Vector512.Create(rstd);
            for (nint i = 0; i < whole; i += 16)
                Vector512.FusedMultiplyAdd((Vector512.Load(x + i) - center) * scale, Vector512.Load(Gamma + i), Vector512.Load(Beta + i)).Store(y + i);
            for (nint i = whole; i < c; i++) y[i] = MathF.FusedMultiplyAdd((x[i] - mean) * rstd, Gamma[i], Beta[i]);
            (Mean[m], Rstd[m]) = (mean, rstd);
        }
    }

    protected override void LayerNormBackwardCore(View dx, View dgamma, View dbeta, View dy, View x, View mean, View rstd, View gamma, int rows, int c)
    {
        if (!dx.IsEmpty)
        {
            var job = new LayerNormBackwardJob
            {
                Dx = Reals(dx),
                Dy = Reals(dy),
                X = Reals(x),
                Mean = Reals(mean),
                Rstd = Reals(rstd),
                Gamma = Reals(gamma),
                Rows = rows,
                C = c,
            };
            Run(ref job, (long)rows * c, rows);
        }
        if (dgamma.IsEmpty) return;
        var weights = new LayerNormWeightsJob
        {
            Dgamma = Reals(dgamma),
            Dbeta = Reals(dbeta),
            Dy = Reals(dy),
            X = Reals(x),
            Mean = Reals(mean),
            Rstd = Reals(rstd),
            Rows = rows,
            C = c,
        };
        Run(ref weights, (long)rows * c, (c + 15) / 16);
    }

    /// <summary>dx += ρ·(g − mean(g) − n·mean(g·n)), g = dy·γ, n = (x − μ)·ρ.</summary>
    private struct LayerNormBackwardJob : IHostJob
    {
        public float* Dx, Dy, X, Mean, Rstd, Gamma;
        public nint Rows, C;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 1, part, parts);
            for (nint m = from; m < to; m++) Row(Dx + m * C, Dy + m * C, X + m * C, Mean[m], Rstd[m]);
        }

        private readonly void Row(float* dx, float* dy, float* x, float mean, float rstd)
        {
            nint c = C, whole = c & ~15, rest = c - whole;
            Vector512<float> center = Vector512.Create(mean), scale = Vector512.Create(rstd);
            Vector512<float> sumG = Vector512<float>.Zero, sumGn = Vector512<float>.Zero;
            for (nint i = 0; i < whole; i += 16)
            {
                var g = Vector512.Load(dy + i) * Vector512.Load(Gamma + i);
                sumG += g;
                sumGn = Vector512.FusedMultiplyAdd(g, (Vector512.Load(x + i) - center) * scale, sumGn);
            }
            if (rest > 0)
            {
                var g = VectorMath.LoadTail(dy + whole, rest) * VectorMath.LoadTail(Gamma + whole, rest);
                sumG += g;
                sumGn = Vector512.FusedMultiplyAdd(g, (VectorMath.LoadTail(x + whole, rest, mean) - center) * scale, sumGn);
            }
            Vector512<float> meanG = Vector512.Create(VectorMath.Sum(sumG) / c), meanGn = Vector512.Create(VectorMath.Sum(sumGn) / c);
            for (nint i = 0; i < whole; i += 16)
                Gradient(
                    Vector512.Load(dx + i), Vector512.Load(dy + i), Vector512.Load(Gamma + i), Vector512.Load(x + i),
                    center, scale, meanG, meanGn).Store(dx + i);
            if (rest > 0)
                VectorMath.StoreTail(
                    Gradient(
                        VectorMath.LoadTail(dx + whole, rest), VectorMath.LoadTail(dy + whole, rest),
                        VectorMath.LoadTail(Gamma + whole, rest), VectorMath.LoadTail(x + whole, rest), center, scale, meanG, meanGn),
                    dx + whole, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<float> Gradient(
            Vector512<float> dx, Vector512<float> dy, Vector512<float> gamma, Vector512<float> x,
            Vector512<float> center, Vector512<float> scale, Vector512<float> meanG, Vector512<float> meanGn)
        {
            var n = (x - center) * scale;
            // g is rounded as it was under its mean: fused, the difference of a constant row would be its rounding error times ρ
            var g = dy * gamma;
            return Vector512.FusedMultiplyAdd(scale, g - meanG - n * meanGn, dx);
        }
    }

    /// <summary>dγ += Σ_m dy·n, dβ += Σ_m dy: threads share out columns, every column one chain of m.</summary>
    private struct LayerNormWeightsJob : IHostJob
    {
        public float* Dgamma, Dbeta, Dy, X, Mean, Rstd;
        public nint Rows, C;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(C, 16, part, parts);
            nint i = from;
            for (; i + 16 <= to; i += 16)
            {
                Vector512<float> dgamma = Vector512.Load(Dgamma + i), dbeta = Vector512.Load(Dbeta + i);
                for (nint m = 0; m < Rows; m++)
                {
                    var dy = Vector512.Load(Dy + m * C + i);
                    dgamma = Vector512.FusedMultiplyAdd(dy, (Vector512.Load(X + m * C + i) - Vector512.Create(Mean[m])) * Vector512.Create(Rstd[m]), dgamma);
                    dbeta += dy;
                }
                dgamma.Store(Dgamma + i);
                dbeta.Store(Dbeta + i);
            }
            for (; i < to; i++)
            {
                for (nint m = 0; m < Rows; m++)
                {
                    float dy = Dy[m * C + i];
                    Dgamma[i] = MathF.FusedMultiplyAdd(dy, (X[m * C + i] - Mean[m]) * Rstd[m], Dgamma[i]);
                    Dbeta[i] += dy;
                }
            }
        }
    }
}
