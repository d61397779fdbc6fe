using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    // An adapter's products are so thin (r of 4 to 64) that they are passes over x and y, not matrix products: rows go by fours, so that A and B are read a quarter as often.

    protected override void LoraCore(View y, View u, View x, View a, View b, LoraShape shape)
    {
        float* bt = TransposedB(Reals(b), shape);
        var project = new SkinnyProjectJob { U = Reals(u), X = Reals(x), A = Reals(a), Rows = shape.Rows, IC = shape.IC, Rank = shape.Rank, Factor = 1, Mask = new(shape.Dropout) };
        RunProject(ref project);
        var expand = new SkinnyExpandJob { Y = Reals(y), U = Reals(u), Bt = bt, Rows = shape.Rows, OC = shape.OC, Rank = shape.Rank, Factor = shape.Scale };
        Run(ref expand, (long)shape.Rows * shape.OC * (shape.Rank + 2) / 16, (shape.Rows + 3) / 4, 4 * shape.Rank);
    }

    protected override void LoraBackwardCore(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape shape)
    {
        float* bt = TransposedB(Reals(b), shape);
        // du = s·dy·B: the forward projection with dy for x and Bᵀ for A
        var project = new SkinnyProjectJob { U = Reals(du), X = Reals(dy), A = bt, Rows = shape.Rows, IC = shape.OC, Rank = shape.Rank, Factor = shape.Scale, Mask = new(DropoutMask.None) };
        RunProject(ref project);
        var gradientB = new LoraGradientBJob { Db = Reals(db), Dy = Reals(dy), U = Reals(u), Rows = shape.Rows, OC = shape.OC, Rank = shape.Rank, Factor = shape.Scale };
        Run(ref gradientB, (long)shape.Rows * shape.OC * (shape.Rank + 2) / 16, (shape.OC + 15) / 16, LoraBlock * shape.Rank + 4 * shape.Rank);
        var gradientA = new LoraGradientAJob { Dx = Reals(dx), Da = Reals(da), Du = Reals(du), X = Reals(x), A = Reals(a), Rows = shape.Rows, IC = shape.IC, Rank = shape.Rank, Mask = new(shape.Dropout) };
        Run(ref gradientA, (long)shape.Rows * shape.IC * (2 * shape.Rank + 8) / 16, (shape.IC + 15) / 16, 4 * LoraBlock);
    }

    /// <summary>Columns that a gradient job finishes at a time: its sums stay in the nearest cache.</summary>
    private const int LoraBlock = 256;

    private void RunProject(ref SkinnyProjectJob job) =>
        Run(ref job, job.Rows * job.IC * (job.Rank + (job.Mask.IsNone ? 0 : 32)) / 16, (job.Rows + 3) / 4, job.Mask.IsNone ? 0 : 4 * job.IC);

    /// <summary>B [OC, r] turned into r rows, whose elements are lanes of the output.</summary>
    private float* TransposedB(float* b, LoraShape shape)
    {
        float* bt = Workspace((long)shape.OC * shape.Rank);
        Transpose.Rows(bt, shape.OC, b, shape.Rank, shape.OC, shape.Rank);
        return bt;
    }

    /// <summary>u[m, k] = factor·Σ_i drop(x)[m, i]·A[k, i]: 16 lanes along i and the fixed tree.</summary>
    private struct SkinnyProjectJob : IHostJob
    {
        public float* U, X, A;
        public nint Rows, IC, Rank;
        public float Factor;
        public DropoutLanes Mask;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 4, part, parts);
            for (nint m = from; m < to; m += 4)
            {
                nint rows = Math.Min(4, to - m);
                float* x = X + m * IC;
                if (!Mask.IsNone)
                {
                    Mask.Fill(scratch, m * IC, rows * IC);
                    Multiply(scratch, x, rows * IC);
                    x = scratch;
                }
                nint k = 0;
                if (rows == 4)
                    for (; k + 4 <= Rank; k += 4) Dot4x4(x, A + k * IC, U + m * Rank + k);
                for (; k < Rank; k++)
                    for (nint r = 0; r < rows; r++)
                        U[(m + r) * Rank + k] = Factor * VectorMath.Dot(x + r * IC, A + k * IC, IC);
            }
        }

        private static void Multiply(float* target, float* x, nint count)
        {
            nint i = 0;
            for (; i + 16 <= count; i += 16) (Vector512.Load(x + i) * Vector512.Load(target + i)).Store(target + i);
            for (; i < count; i++) target[i] = x[i] * target[i];
        }

        /// <summary>Four rows by four ranks: sixteen sums in registers. <see cref="VectorMath.Dot"/> sixteen times, to the bit.</summary>
        private readonly void Dot4x4(float* x, float* a, float* u)
        {
            nint n = IC, whole = n & ~15;
            Vector512<float> s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33;
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = Vector512<float>.Zero;
            for (nint i = 0; i < n; i += 16)
            {
                bool full = i < whole;
                var a0 = full ? Vector512.Load(a + i) : VectorMath.LoadTail(a + i, n - i);
                var a1 = full ? Vector512.Load(a + n + i) : VectorMath.LoadTail(a + n + i, n - i);
                var a2 = full ? Vector512.Load(a + 2 * n + i) : VectorMath.LoadTail(a + 2 * n + i, n - i);
                var a3 = full ? Vector512.Load(a + 3 * n + i) : VectorMath.LoadTail(a + 3 * n + i, n - i);
                var v = full ? Vector512.Load(x + i) : VectorMath.LoadTail(x + i, n - i);
                s00 = Vector512.FusedMultiplyAdd(v, a0, s00);
                s01 = Vector512.FusedMultiplyAdd(v, a1, s01);
                s02 = Vector512.FusedMultiplyAdd(v, a2, s02);
                s03 = Vector512.FusedMultiplyAdd(v, a3, s03);
                v = full ? Vector512.Load(x + n + i) : VectorMath.LoadTail(x + n + i, n - i);
                s10 = Vector512.FusedMultiplyAdd(v, a0, s10);
                s11 = Vector512.FusedMultiplyAdd(v, a1, s11);
                s12 = Vector512.FusedMultiplyAdd(v, a2, s12);
                s13 = Vector512.FusedMultiplyAdd(v, a3, s13);
                v = full ? Vector512.Load(x + 2 * n + i) : VectorMath.LoadTail(x + 2 * n + i, n - i);
                s20 = Vector512.FusedMultiplyAdd(v, a0, s20);
                s21 = Vector512.FusedMultiplyAdd(v, a1, s21);
                s22 = Vector512.FusedMultiplyAdd(v, a2, s22);
                s23 = Vector512.FusedMultiplyAdd(v, a3, s23);
                v = full ? Vector512.Load(x + 3 * n + i) : VectorMath.LoadTail(x + 3 * n + i, n - i);
                s30 = Vector512.FusedMultiplyAdd(v, a0, s30);
                s31 = Vector512.FusedMultiplyAdd(v, a1, s31);
                s32 = Vector512.FusedMultiplyAdd(v, a2, s32);
                s33 = Vector512.FusedMultiplyAdd(v, a3, s33);
            }
            Put(u, s00, s01, s02, s03);
            Put(u + Rank, s10, s11, s12, s13);
            Put(u + 2 * Rank, s20, s21, s22, s23);
            Put(u + 3 * Rank, s30, s31, s32, s33);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Put(float* u, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3)
        {
            u[0] = Factor * VectorMath.Sum(s0);
            u[1] = Factor * VectorMath.Sum(s1);
            u[2] = Factor * VectorMath.Sum(s2);
            u[3] = Factor * VectorMath.Sum(s3);
        }
    }

    /// <summary>y[m, o] += Σ_k (factor·u[m, k])·Bᵀ[k, o]: one chain from the old y.</summary>
    private struct SkinnyExpandJob : IHostJob
    {
        public float* Y, U, Bt;
        public nint Rows, OC, Rank;
        public float Factor;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 4, part, parts);
            for (nint m = from; m < to; m += 4)
            {
                nint rows = Math.Min(4, to - m);
                for (nint i = 0; i < rows * Rank; i++) scratch[i] = Factor * U[m * Rank + i];
                if (rows == 4) Expand4(Y + m * OC, scratch);
                else
                    for (nint r = 0; r < rows; r++) Expand1(Y + (m + r) * OC, scratch + r * Rank);
            }
        }

        private readonly void Expand4(float* y, float* u)
        {
            nint oc = OC, rank = Rank, o = 0;
            for (; o + 16 <= oc; o += 16)
            {
                Vector512<float> y0 = Vector512.Load(y + o), y1 = Vector512.Load(y + oc + o), y2 = Vector512.Load(y + 2 * oc + o), y3 = Vector512.Load(y + 3 * oc + o);
                float* b = Bt + o;
                for (nint k = 0; k < rank; k++, b += oc)
                {
                    var v = Vector512.Load(b);
                    y0 = Vector512.FusedMultiplyAdd(Vector512.Create(u[k]), v, y0);
                    y1 = Vector512.FusedMultiplyAdd(Vector512.Create(u[rank + k]), v, y1);
                    y2 = Vector512.FusedMultiplyAdd(Vector512.Create(u[2 * rank + k]), v, y2);
                    y3 = Vector512.FusedMultiplyAdd(Vector512.Create(u[3 * rank + k]), v, y3);
                }
                y0.Store(y + o);
                y1.Store(y + oc + o);
                y2.Store(y + 2 * oc + o);
                y3.Store(y + 3 * oc + o);
            }
            for (nint r = 0; r < 4; r++) Tail(y + r * oc, u + r * rank, o);
        }

        private readonly void Expand1(float* y, float* u)
        {
            nint o = 0;
            for (; o + 16 <= OC; o += 16)
            {
                var sum = Vector512.Load(y + o);
                for (nint k = 0; k < Rank; k++) sum = Vector512.FusedMultiplyAdd(Vector512.Create(u[k]), Vector512.Load(Bt + k * OC + o), sum);
                sum.Store(y + o);
            }
            Tail(y, u, o);
        }

        private readonly void Tail(float* y, float* u, nint o)
        {
            for (; o < OC; o++)
                for (nint k = 0; k < Rank; k++)
                    y[o] = MathF.FusedMultiplyAdd(u[k], Bt[k * OC + o], y[o]);
        }
    }

    /// <summary>dB[o, k] += Σ_m dy[m, o]·(factor·u[m, k]): threads share out o, every element one chain of m from the old dB.</summary>
    private struct LoraGradientBJob : IHostJob
    {
        public float* Db, Dy, U;
        public nint Rows, OC, Rank;
        public float Factor;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(OC, 16, part, parts);
            float* u = scratch + LoraBlock * Rank;
            for (nint o = from; o < to; o += LoraBlock)
            {
                nint columns = Math.Min(LoraBlock, to - o);
                Transpose.Rows(scratch, LoraBlock, Db + o * Rank, Rank, columns, Rank);
                for (nint m = 0; m < Rows; m += 4)
                {
                    nint rows = Math.Min(4, Rows - m);
                    for (nint i = 0; i < rows * Rank; i++) u[i] = Factor * U[m * Rank + i];
                    RankUpdate.Add(scratch, LoraBlock, Dy + m * OC + o, OC, u, Rank, rows, columns);
                }
                Transpose.Rows(Db + o * Rank, Rank, scratch, LoraBlock, Rank, columns);
            }
        }
    }

    /// <summary>dA[k, i] += Σ_m du[m, k]·drop(x)[m, i], one chain of m from the old dA; dx[m, i] += keep·Σ_k du[m, k]·A[k, i]. Threads share out i.</summary>
    private struct LoraGradientAJob : IHostJob
    {
        public float* Dx, Da, Du, X, A;
        public nint Rows, IC, Rank;
        public DropoutLanes Mask;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(IC, 16, part, parts);
            for (nint i = from; i < to; i += LoraBlock)
            {
                nint columns = Math.Min(LoraBlock, to - i);
                for (nint m = 0; m < Rows; m += 4)
                {
                    nint rows = Math.Min(4, Rows - m);
                    for (nint r = 0; r < rows; r++)
                    {
                        float* keep = scratch + r * LoraBlock;
                        Mask.Fill(keep, (m + r) * IC + i, columns);
                        if (Dx is not null) AddGradient(Dx + (m + r) * IC + i, keep, Du + (m + r) * Rank, A + i, columns);
                        Drop(keep, X + (m + r) * IC + i, columns);
                    }
                    RankUpdate.Add(Da + i, IC, scratch, LoraBlock, Du + m * Rank, Rank, rows, columns);
                }
            }
        }

        private readonly void AddGradient(float* dx, float* keep, float* du, float* a, nint columns)
        {
            nint i = 0;
            for (; i + 16 <= columns; i += 16)
            {
                var sum = Vector512<float>.Zero;
                for (nint k = 0; k < Rank; k++) sum = Vector512.FusedMultiplyAdd(Vector512.Create(du[k]), Vector512.Load(a + k * IC + i), sum);
                Vector512.FusedMultiplyAdd(Vector512.Load(keep + i), sum, Vector512.Load(dx + i)).Store(dx + i);
            }
            for (; i < columns; i++)
            {
                float sum = 0;
                for (nint k = 0; k < Rank; k++) sum = MathF.FusedMultiplyAdd(du[k], a[k * IC + i], sum);
                dx[i] = MathF.FusedMultiplyAdd(keep[i], sum, dx[i]);
            }
        }

        private static void Drop(float* keep, float* x, nint columns)
        {
            nint i = 0;
            for (; i + 16 <= columns; i += 16) (Vector512.Load(keep + i) * Vector512.Load(x + i)).Store(keep + i);
            for (; i < columns; i++) keep[i] *= x[i];
        }
    }

    /// <summary>sums[k, i] += Σ_m x[m, i]·u[m, k] for up to four rows m, ascending.</summary>
    private static class RankUpdate
    {
        public static void Add(float* sums, nint sumStride, float* x, nint xStride, float* u, nint rank, nint rows, nint columns)
        {
            nint i = 0;
            if (rows == 4)
            {
                for (; i + 16 <= columns; i += 16)
                {
                    Vector512<float> x0 = Vector512.Load(x + i), x1 = Vector512.Load(x + xStride + i), x2 = Vector512.Load(x + 2 * xStride + i), x3 = Vector512.Load(x + 3 * xStride + i);
                    float* s = sums + i;
                    for (nint k = 0; k < rank; k++, s += sumStride)
                    {
                        var sum = Vector512.FusedMultiplyAdd(x0, Vector512.Create(u[k]), Vector512.Load(s));
                        sum = Vector512.FusedMultiplyAdd(x1, Vector512.Create(u[rank + k]), sum);
                        sum = Vector512.FusedMultiplyAdd(x2, Vector512.Create(u[2 * rank + k]), sum);
                        Vector512.FusedMultiplyAdd(x3, Vector512.Create(u[3 * rank + k]), sum).Store(s);
                    }
                }
            }
            for (; i < columns; i++)
                for (nint k = 0; k < rank; k++)
                    for (nint r = 0; r < rows; r++)
                        sums[k * sumStride + i] = MathF.FusedMultiplyAdd(x[r * xStride + i], u[r * rank + k], sums[k * sumStride + i]);
        }
    }
}
