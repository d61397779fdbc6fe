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
    private const int LoraBlock = 512;

    private void RunProject(ref SkinnyProjectJob job) =>
        Run(ref job, job.Rows * job.IC * (job.Rank + (job.Mask.IsNone ? 0 : 32)) / 16, (job.Rows + 3) / 4, job.ScratchSize());

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

        /// <summary>Dropped x of four rows, and a vector of partial sums for each of their ranks.</summary>
        public readonly long ScratchSize() => 4 * LoraBlock + 4 * 16 * Rank;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 4, part, parts);
            float* sums = scratch + 4 * LoraBlock;
            for (nint m = from; m < to; m += 4)
            {
                nint rows = Math.Min(4, to - m);
                new Span<float>(sums, (int)(4 * 16 * Rank)).Clear();
                for (nint i = 0; i < IC; i += LoraBlock)
                {
                    nint count = Math.Min(LoraBlock, IC - i), stride = IC;
                    float* x = X + m * IC + i;
                    if (!Mask.IsNone)
                    {
                        for (nint r = 0; r < rows; r++) Mask.Apply(scratch + r * LoraBlock, x + r * IC, (m + r) * IC + i, count);
                        x = scratch;
                        stride = LoraBlock;
                    }
                    nint k = 0;
                    if (rows == 4)
                        for (; k + 4 <= Rank; k += 4) Dot4x4(sums + k * 4 * 16, x, stride, A + k * IC + i, IC, count);
                    for (; k < Rank; k++)
                        for (nint r = 0; r < rows; r++)
                            Dot1(sums + (k * 4 + r) * 16, x + r * stride, A + k * IC + i, count);
                }
                for (nint k = 0; k < Rank; k++)
                    for (nint r = 0; r < rows; r++)
                        U[(m + r) * Rank + k] = Factor * VectorMath.Sum(Vector512.Load(sums + (k * 4 + r) * 16));
            }
        }

        private static void Dot1(float* sum, float* x, float* a, nint count)
        {
            var s = Vector512.Load(sum);
            nint i = 0;
            for (; i + 16 <= count; i += 16) s = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(a + i), s);
            if (i < count) s = Vector512.FusedMultiplyAdd(VectorMath.LoadTail(x + i, count - i), VectorMath.LoadTail(a + i, count - i), s);
            s.Store(sum);
        }

        /// <summary>Four rows by four ranks, sixteen sums in registers: <see cref="Dot1"/> sixteen times, to the bit.</summary>
        private static void Dot4x4(float* sums, float* x, nint stride, float* a, nint aStride, nint count)
        {
            Vector512<float> s00 = Vector512.Load(sums), s01 = Vector512.Load(sums + 16), s02 = Vector512.Load(sums + 32), s03 = Vector512.Load(sums + 48);
            Vector512<float> s10 = Vector512.Load(sums + 64), s11 = Vector512.Load(sums + 80), s12 = Vector512.Load(sums + 96), s13 = Vector512.Load(sums + 112);
            Vector512<float> s20 = Vector512.Load(sums + 128), s21 = Vector512.Load(sums + 144), s22 = Vector512.Load(sums + 160), s23 = Vector512.Load(sums + 176);
            Vector512<float> s30 = Vector512.Load(sums + 192), s31 = Vector512.Load(sums + 208), s32 = Vector512.Load(sums + 224), s33 = Vector512.Load(sums + 240);
            nint i = 0;
            for (; i + 16 <= count; i += 16)
            {
                Vector512<float> x0 = Vector512.Load(x + i), x1 = Vector512.Load(x + stride + i), x2 = Vector512.Load(x + 2 * stride + i), x3 = Vector512.Load(x + 3 * stride + i);
                var v = Vector512.Load(a + i);
                s00 = Vector512.FusedMultiplyAdd(x0, v, s00);
                s01 = Vector512.FusedMultiplyAdd(x1, v, s01);
                s02 = Vector512.FusedMultiplyAdd(x2, v, s02);
                s03 = Vector512.FusedMultiplyAdd(x3, v, s03);
                v = Vector512.Load(a + aStride + i);
                s10 = Vector512.FusedMultiplyAdd(x0, v, s10);
                s11 = Vector512.FusedMultiplyAdd(x1, v, s11);
                s12 = Vector512.FusedMultiplyAdd(x2, v, s12);
                s13 = Vector512.FusedMultiplyAdd(x3, v, s13);
                v = Vector512.Load(a + 2 * aStride + i);
                s20 = Vector512.FusedMultiplyAdd(x0, v, s20);
                s21 = Vector512.FusedMultiplyAdd(x1, v, s21);
                s22 = Vector512.FusedMultiplyAdd(x2, v, s22);
                s23 = Vector512.FusedMultiplyAdd(x3, v, s23);
                v = Vector512.Load(a + 3 * aStride + i);
                s30 = Vector512.FusedMultiplyAdd(x0, v, s30);
                s31 = Vector512.FusedMultiplyAdd(x1, v, s31);
                s32 = Vector512.FusedMultiplyAdd(x2, v, s32);
                s33 = Vector512.FusedMultiplyAdd(x3, v, s33);
            }
            Put(sums, s00, s01, s02, s03);
            Put(sums + 64, s10, s11, s12, s13);
            Put(sums + 128, s20, s21, s22, s23);
            Put(sums + 192, s30, s31, s32, s33);
            if (i == count) return;
            for (nint k = 0; k < 4; k++)
                for (nint r = 0; r < 4; r++)
                    Dot1(sums + (k * 4 + r) * 16, x + r * stride + i, a + k * aStride + i, count - i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Put(float* sums, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3)
        {
            s0.Store(sums);
            s1.Store(sums + 16);
            s2.Store(sums + 32);
            s3.Store(sums + 48);
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
                    float* x = X + m * IC + i, dx = Dx + m * IC + i, du = Du + m * Rank;
                    for (nint r = 0; r < rows; r++) Mask.Fill(scratch + r * LoraBlock, (m + r) * IC + i, columns);
                    nint done = 0;
                    if (rows == 4) done = Rank == 4 ? Four(x, dx, du, A + i, Da + i, scratch, columns) : Any(x, dx, du, A + i, Da + i, scratch, columns);
                    Rest(x, dx, du, A + i, Da + i, scratch, rows, done, columns);
                }
            }
        }

        /// <summary>Four rows of rank 4: everything of a vector of columns in registers.</summary>
        private readonly nint Four(float* x, float* dx, float* u, float* a, float* da, float* keep, nint columns)
        {
            nint i = 0, ic = IC;
            bool wanted = Dx is not null;
            for (; i + 16 <= columns; i += 16)
            {
                Vector512<float> a0 = Vector512.Load(a + i), a1 = Vector512.Load(a + ic + i), a2 = Vector512.Load(a + 2 * ic + i), a3 = Vector512.Load(a + 3 * ic + i);
                Vector512<float> d0 = Vector512.Load(da + i), d1 = Vector512.Load(da + ic + i), d2 = Vector512.Load(da + 2 * ic + i), d3 = Vector512.Load(da + 3 * ic + i);
                for (nint r = 0; r < 4; r++)
                {
                    Vector512<float> u0 = Vector512.Create(u[4 * r]), u1 = Vector512.Create(u[4 * r + 1]), u2 = Vector512.Create(u[4 * r + 2]), u3 = Vector512.Create(u[4 * r + 3]);
                    var kept = Vector512.Load(keep + r * LoraBlock + i);
                    var v = Vector512.Load(x + r * ic + i) * kept;
                    d0 = Vector512.FusedMultiplyAdd(v, u0, d0);
                    d1 = Vector512.FusedMultiplyAdd(v, u1, d1);
                    d2 = Vector512.FusedMultiplyAdd(v, u2, d2);
                    d3 = Vector512.FusedMultiplyAdd(v, u3, d3);
                    if (!wanted) continue;
                    var sum = Vector512.FusedMultiplyAdd(u0, a0, Vector512<float>.Zero);
                    sum = Vector512.FusedMultiplyAdd(u1, a1, sum);
                    sum = Vector512.FusedMultiplyAdd(u2, a2, sum);
                    sum = Vector512.FusedMultiplyAdd(u3, a3, sum);
                    Vector512.FusedMultiplyAdd(kept, sum, Vector512.Load(dx + r * ic + i)).Store(dx + r * ic + i);
                }
                d0.Store(da + i);
                d1.Store(da + ic + i);
                d2.Store(da + 2 * ic + i);
                d3.Store(da + 3 * ic + i);
            }
            return i;
        }

        /// <summary>Four rows of any rank.</summary>
        private readonly nint Any(float* x, float* dx, float* u, float* a, float* da, float* keep, nint columns)
        {
            nint i = 0, ic = IC, rank = Rank;
            for (; i + 16 <= columns; i += 16)
            {
                Vector512<float> k0 = Vector512.Load(keep + i), k1 = Vector512.Load(keep + LoraBlock + i), k2 = Vector512.Load(keep + 2 * LoraBlock + i), k3 = Vector512.Load(keep + 3 * LoraBlock + i);
                Vector512<float> x0 = Vector512.Load(x + i) * k0, x1 = Vector512.Load(x + ic + i) * k1, x2 = Vector512.Load(x + 2 * ic + i) * k2, x3 = Vector512.Load(x + 3 * ic + i) * k3;
                Vector512<float> s0, s1, s2, s3;
                s0 = s1 = s2 = s3 = Vector512<float>.Zero;
                for (nint k = 0; k < rank; k++)
                {
                    Vector512<float> u0 = Vector512.Create(u[k]), u1 = Vector512.Create(u[rank + k]), u2 = Vector512.Create(u[2 * rank + k]), u3 = Vector512.Create(u[3 * rank + k]);
                    var row = Vector512.Load(a + k * ic + i);
                    s0 = Vector512.FusedMultiplyAdd(u0, row, s0);
                    s1 = Vector512.FusedMultiplyAdd(u1, row, s1);
                    s2 = Vector512.FusedMultiplyAdd(u2, row, s2);
                    s3 = Vector512.FusedMultiplyAdd(u3, row, s3);
                    var sum = Vector512.FusedMultiplyAdd(x0, u0, Vector512.Load(da + k * ic + i));
                    sum = Vector512.FusedMultiplyAdd(x1, u1, sum);
                    sum = Vector512.FusedMultiplyAdd(x2, u2, sum);
                    Vector512.FusedMultiplyAdd(x3, u3, sum).Store(da + k * ic + i);
                }
                if (Dx is null) continue;
                Vector512.FusedMultiplyAdd(k0, s0, Vector512.Load(dx + i)).Store(dx + i);
                Vector512.FusedMultiplyAdd(k1, s1, Vector512.Load(dx + ic + i)).Store(dx + ic + i);
                Vector512.FusedMultiplyAdd(k2, s2, Vector512.Load(dx + 2 * ic + i)).Store(dx + 2 * ic + i);
                Vector512.FusedMultiplyAdd(k3, s3, Vector512.Load(dx + 3 * ic + i)).Store(dx + 3 * ic + i);
            }
            return i;
        }

        /// <summary>The columns and rows that fill no vector and no group of four.</summary>
        private readonly void Rest(float* x, float* dx, float* u, float* a, float* da, float* keep, nint rows, nint from, nint columns)
        {
            for (nint i = from; i < columns; i++)
                for (nint r = 0; r < rows; r++)
                {
                    float kept = keep[r * LoraBlock + i], v = x[r * IC + i] * kept, sum = 0;
                    for (nint k = 0; k < Rank; k++)
                    {
                        da[k * IC + i] = MathF.FusedMultiplyAdd(v, u[r * Rank + k], da[k * IC + i]);
                        sum = MathF.FusedMultiplyAdd(u[r * Rank + k], a[k * IC + i], sum);
                    }
                    if (Dx is not null) dx[r * IC + i] = MathF.FusedMultiplyAdd(kept, sum, dx[r * IC + i]);
                }
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
