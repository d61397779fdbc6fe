namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    /// <summary>The columns of one head in a row of qkv: q begins at Q, k at K, v at V, the head's part of y at Q.</summary>
    private readonly record struct Head(int Q, int K, int V)
    {
        public static Head Of(AttentionShape s, int h) => new(h * s.HS, s.C + h * s.HS, 2 * s.C + h * s.HS);
    }

    protected override void AttentionCore(View y, View lse, View qkv, AttentionShape shape, DropoutMask dropout)
    {
        Table Y = Table(y, shape.C), X = Table(qkv, 3 * shape.C);
        var L = Reals(lse);
        var p = new double[shape.T];
        for (int b = 0; b < shape.B; b++)
            for (int h = 0; h < shape.NH; h++)
                for (int i = 0; i < shape.T; i++)
                {
                    var head = Head.Of(shape, h);
                    int first = b * shape.T, row = (b * shape.NH + h) * shape.T + i;
                    for (int j = 0; j <= i; j++) p[j] = Dot(X, first + i, head.Q, X, first + j, head.K, shape.HS) / Math.Sqrt(shape.HS);
                    L[row] = LogSumExp(p.AsSpan(0, i + 1));
                    for (int c = 0; c < shape.HS; c++)
                    {
                        double sum = 0;
                        for (int j = 0; j <= i; j++) sum += Math.Exp(p[j] - L[row]) * Keep(dropout, (long)row * shape.T + j) * X[first + j, head.V + c];
                        Y[first + i, head.Q + c] = sum;
                    }
                }
    }

    protected override void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout)
    {
        Reals(dqkv).Clear();
        Table DX = Table(dqkv, 3 * shape.C), DY = Table(dy, shape.C), X = Table(qkv, 3 * shape.C), Y = Table(y, shape.C);
        var L = Reals(lse);
        double root = Math.Sqrt(shape.HS);
        for (int b = 0; b < shape.B; b++)
            for (int h = 0; h < shape.NH; h++)
                for (int i = 0; i < shape.T; i++)
                {
                    var head = Head.Of(shape, h);
                    int I = b * shape.T + i, row = (b * shape.NH + h) * shape.T + i;
                    double delta = Dot(DY, I, head.Q, Y, I, head.Q, shape.HS);
                    for (int j = 0; j <= i; j++)
                    {
                        int J = b * shape.T + j;
                        double p = Math.Exp(Dot(X, I, head.Q, X, J, head.K, shape.HS) / root - L[row]);
                        double keep = Keep(dropout, (long)row * shape.T + j);
                        // sum += p·keep·v_j: dp from dy and v. Then the softmax: ds = p·(dp − Σ_j p·dp), and that sum is dy·y.
                        double dp = keep * Dot(DY, I, head.Q, X, J, head.V, shape.HS);
                        double ds = p * (dp - delta);
                        for (int c = 0; c < shape.HS; c++)
                        {
                            DX[J, head.V + c] += p * keep * DY[I, head.Q + c];        // sum += p·keep·v_j, for v
                            DX[I, head.Q + c] += ds * X[J, head.K + c] / root; // s = q_i·k_j / √HS, for q
                            DX[J, head.K + c] += ds * X[I, head.Q + c] / root; // and for k
                        }
                    }
                }
    }

    protected override void AttentionCachedCore(View y, View keys, View values, View qkv, int position, int count, int nh, int hs)
    {
        int C = nh * hs;
        Table Y = Table(y, C), K = Table(keys, C), V = Table(values, C), X = Table(qkv, 3 * C);
        for (int i = 0; i < count; i++)
            for (int c = 0; c < C; c++)
                (K[position + i, c], V[position + i, c]) = (X[i, C + c], X[i, 2 * C + c]);

        var p = new double[position + count];
        for (int i = 0; i < count; i++)
            for (int h = 0; h < nh; h++)
            {
                int length = position + i + 1;
                for (int j = 0; j < length; j++) p[j] = Dot(X, i, h * hs, K, j, h * hs, hs) / Math.Sqrt(hs);
                double lse = LogSumExp(p.AsSpan(0, length));
                for (int c = h * hs; c < (h + 1) * hs; c++)
                {
                    double sum = 0;
                    for (int j = 0; j < length; j++) sum += Math.Exp(p[j] - lse) * V[j, c];
                    Y[i, c] = sum;
                }
            }
    }

    /// <summary>The inner product of <paramref name="length"/> elements of two rows, from a column of each.</summary>
    private static double Dot(Table a, int rowA, int columnA, Table b, int rowB, int columnB, int length)
    {
        double sum = 0;
        for (int c = 0; c < length; c++) sum += a[rowA, columnA + c] * b[rowB, columnB + c];
        return sum;
    }

    /// <summary>log Σ exp z, around the largest z so that nothing overflows.</summary>
    private static double LogSumExp(ReadOnlySpan<double> z)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double value in z) largest = Math.Max(largest, value);
        foreach (double value in z) sum += Math.Exp(value - largest);
        return largest + Math.Log(sum);
    }
}
