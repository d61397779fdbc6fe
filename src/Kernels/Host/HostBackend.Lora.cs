namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    // An adapter's products are so thin (r of 4 to 64) that they are passes over x and y, not matrix products. Four rows and four ranks go together, so that
    // whatever is loaded is used four times; ranks, and columns at the right edge, are filled up with zeros, so that there is one loop instead of one for every
    // remainder.

    protected override void LoraCore(View y, View u, View x, View a, View b, LoraShape shape)
    {
        var factors = new LoraFactorRows(shape);
        factors = factors.At(Workspace(factors.Size));
        factors.Fill(Reals(a), Reals(b));
        var job = new LoraJob { Y = Reals(y), U = Reals(u), X = Reals(x), Factors = factors, Shape = shape, Mask = new(shape.Dropout) };
        Run(ref job, LoraWork(shape), (shape.Rows + 3) / 4, LoraJob.Scratch(factors));
    }

    /// <summary>About how many vector instructions a pass is.</summary>
    private static long LoraWork(LoraShape shape) =>
        shape.Rows * ((long)shape.IC * (shape.Rank + (shape.Dropout.IsNone ? 0 : 32)) + (long)shape.OC * (shape.Rank + 2)) / 16;

    /// <summary>u = drop(x)·Aᵀ, 16 lanes along the sum and the fixed tree; y += s·u·Bᵀ, one chain of k from the old y.</summary>
    private struct LoraJob : IHostJob
    {
        public float* Y, U, X;
        public LoraFactorRows Factors;
        public LoraShape Shape;
        public DropoutLanes Mask;

        public static long Scratch(LoraFactorRows factors) => FourRows.Size + factors.Ranks * (4 * 16 + 4);

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Shape.Rows, 4, part, parts);
            float* sums = scratch + FourRows.Size, u = sums + Factors.Ranks * 4 * 16;
            for (nint m = from; m < to; m += 4)
            {
                nint rows = Math.Min(4, to - m);
                new Span<float>(sums, (int)Factors.Ranks * 4 * 16).Clear();
                for (nint i = 0; i < Shape.IC; i += FourRows.Columns)
                {
                    var x = FourRows.At(scratch, X, Shape.IC, m, rows, i);
                    x.Read(Mask);
                    for (nint k = 0; k < Factors.Ranks; k += 4) Ranks4.Dot(sums + k * 4 * 16, x, Factors.A + k * Factors.StrideA + i, Factors.StrideA);
                }
                Factors.Sums(U + m * Shape.Rank, u, sums, rows, 1, Shape.Scale);
                for (nint o = 0; o < Shape.OC; o += FourRows.Columns)
                {
                    var y = FourRows.At(scratch, Y, Shape.OC, m, rows, o);
                    y.Read();
                    for (nint k = 0; k < Factors.Ranks; k += 4) Ranks4.Expand(y, u + k * 4, Factors.B + k * Factors.StrideB + o, Factors.StrideB);
                    y.Write();
                }
            }
        }
    }

    /// <summary>Rows whose gradients are summed in one chain, by the number of rows alone: 64, and more where that would make over 32 chains.</summary>
    private static nint LoraChain(nint rows) => Math.Max(64, (rows + 127) / 128 * 4);

    private static nint LoraChains(nint rows) => (rows + LoraChain(rows) - 1) / LoraChain(rows);

    protected override void LoraBackwardCore(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape shape)
    {
        var factors = new LoraFactorRows(shape);
        nint chain = LoraChain(shape.Rows), chains = LoraChains(shape.Rows);
        float* workspace = Workspace(factors.Size * (1 + chains)), sums = workspace + factors.Size;
        factors = factors.At(workspace);
        factors.Fill(Reals(a), Reals(b));
        var job = new LoraBackwardJob
        {
            Dx = Reals(dx),
            Du = Reals(du),
            Dy = Reals(dy),
            U = Reals(u),
            X = Reals(x),
            Sums = sums,
            Chain = chain,
            Chains = chains,
            Factors = factors,
            Shape = shape,
            Mask = new(shape.Dropout),
        };
        Run(ref job, 2 * LoraWork(shape), chains, LoraBackwardJob.Scratch(factors));
        factors.AddGradients(Reals(da), Reals(db), sums, chains);
    }

    /// <summary>
    /// Of a chain of rows: du = s·dy·B, dBᵀ = Σ_m (s·u)·dy, dA = Σ_m du·drop(x), every element one chain of m from zero; dx += keep·du·A. Rows pass
    /// by once; threads share out chains, whose sums are then added in their order.
    /// </summary>
    private struct LoraBackwardJob : IHostJob
    {
        public float* Dx, Du, Dy, U, X, Sums;
        public nint Chain, Chains;
        public LoraFactorRows Factors;
        public LoraShape Shape;
        public DropoutLanes Mask;

        public static long Scratch(LoraFactorRows factors) => 3 * FourRows.Size + factors.Ranks * (4 * 16 + 8);

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Chains, 1, part, parts);
            for (nint c = from; c < to; c++)
            {
                var gradients = Factors.At(Sums + c * Factors.Size);
                new Span<float>(gradients.A, (int)Factors.Size).Clear();
                nint end = Math.Min(Shape.Rows, (c + 1) * Chain);
                for (nint m = c * Chain; m < end; m += 4) Rows(m, Math.Min(4, end - m), gradients, scratch);
            }
        }

        private readonly void Rows(nint m, nint rows, LoraFactorRows gradients, float* scratch)
        {
            nint ranks = Factors.Ranks;
            float* sums = scratch + 3 * FourRows.Size, u = sums + ranks * 4 * 16, du = u + ranks * 4;
            Factors.Spread(u, U + m * Shape.Rank, rows, Shape.Scale);
            new Span<float>(sums, (int)ranks * 4 * 16).Clear();
            for (nint o = 0; o < Shape.OC; o += FourRows.Columns)
            {
                var dy = FourRows.At(scratch, Dy, Shape.OC, m, rows, o);
                dy.Read();
                for (nint k = 0; k < ranks; k += 4)
                {
                    Ranks4.Dot(sums + k * 4 * 16, dy, Factors.B + k * Factors.StrideB + o, Factors.StrideB);
                    Ranks4.Add(gradients.B + k * Factors.StrideB + o, Factors.StrideB, dy, u + k * 4);
                }
            }
            Factors.Sums(Du + m * Shape.Rank, du, sums, rows, Shape.Scale, 1);
            for (nint i = 0; i < Shape.IC; i += FourRows.Columns)
            {
                var x = FourRows.At(scratch, X, Shape.IC, m, rows, i);
                var keep = x.Keep(Mask, scratch + FourRows.Size);
                x.Read(keep);
                for (nint k = 0; k < ranks; k += 4) Ranks4.Add(gradients.A + k * Factors.StrideA + i, Factors.StrideA, x, du + k * 4);
                if (Dx is null) continue;
                var dx = FourRows.At(scratch + 2 * FourRows.Size, Dx, Shape.IC, m, rows, i);
                dx.Read();
                for (nint k = 0; k < ranks; k += 4) Ranks4.ExpandKept(dx, du + k * 4, Factors.A + k * Factors.StrideA + i, Factors.StrideA, keep);
                dx.Write();
            }
        }
    }
}
