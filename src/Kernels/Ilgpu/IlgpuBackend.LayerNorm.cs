using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>One group a row; the gradients of γ and β one thread a channel.</summary>
internal sealed partial class IlgpuBackend
{
    protected override void LayerNormCore(View y, View mean, View rstd, View x, View gamma, View beta, int rows, int c, float epsilon) =>
        Launch(LayerNormKernel, EachRow(rows), Device(y), Device(mean), Device(rstd), Device(x), Device(gamma), Device(beta), new RowShape(rows, c), epsilon);

    protected override void LayerNormBackwardCore(View dx, View dgamma, View dbeta, View dy, View x, View mean, View rstd, View gamma, int rows, int c)
    {
        if (!dx.IsEmpty)
            Launch(LayerNormBackwardKernel, EachRow(rows), Device(dx), Device(dy), Device(x), Device(mean), Device(rstd), Device(gamma), new RowShape(rows, c));
        if (!dgamma.IsEmpty)
            Launch(LayerNormParametersKernel, Each(c), Device(dgamma), Device(dbeta), Device(dy), Device(x), Device(mean), Device(rstd), new RowShape(rows, c));
    }

    /// <summary>A matrix of rows × C, row-major.</summary>
    internal readonly record struct RowShape(int Rows, int C);

    private static void LayerNormKernel(
        ArrayView<float> y, ArrayView<float> mean, ArrayView<float> rstd, ArrayView<float> x, ArrayView<float> gamma, ArrayView<float> beta,
        RowShape shape, float epsilon)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        int c = shape.C;
        for (int row = Grid.IdxX, groups = Grid.DimX; row < shape.Rows; row += groups)
        {
            int from = row * c;
            float sum = 0, squares = 0;
            for (int i = Group.IdxX, threads = Group.DimX; i < c; i += threads) sum += x[from + i];
            float mu = GroupSum(sum, shared) / c;
            for (int i = Group.IdxX, threads = Group.DimX; i < c; i += threads) squares += (x[from + i] - mu) * (x[from + i] - mu);
            float rho = 1f / MathF.Sqrt(GroupSum(squares, shared) / c + epsilon);
            for (int i = Group.IdxX, threads = Group.DimX; i < c; i += threads) y[from + i] = (x[from + i] - mu) * rho * gamma[i] + beta[i];
            if (Group.IdxX == 0)
            {
                mean[row] = mu;
                rstd[row] = rho;
            }
        }
    }

    /// <summary>For y = n·γ + β, n = (x − μ)·ρ, with g = dy·γ: dx += ρ·(g − mean(g) − n·mean(g·n)).</summary>
    private static void LayerNormBackwardKernel(
        ArrayView<float> dx, ArrayView<float> dy, ArrayView<float> x, ArrayView<float> mean, ArrayView<float> rstd, ArrayView<float> gamma, RowShape shape)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        int c = shape.C;
        for (int row = Grid.IdxX, groups = Grid.DimX; row < shape.Rows; row += groups)
        {
            int from = row * c;
            float mu = mean[row], rho = rstd[row], sumG = 0, sumGN = 0;
            for (int i = Group.IdxX, threads = Group.DimX; i < c; i += threads)
            {
                float g = dy[from + i] * gamma[i];
                sumG += g;
                sumGN += g * ((x[from + i] - mu) * rho);
            }
            float meanG = GroupSum(sumG, shared) / c, meanGN = GroupSum(sumGN, shared) / c;
            for (int i = Group.IdxX, threads = Group.DimX; i < c; i += threads)
                dx[from + i] += rho * (dy[from + i] * gamma[i] - meanG - (x[from + i] - mu) * rho * meanGN);
        }
    }

    /// <summary>For y = n·γ + β: dγ += Σ_m dy·n, dβ += Σ_m dy.</summary>
    private static void LayerNormParametersKernel(
        ArrayView<float> dgamma, ArrayView<float> dbeta, ArrayView<float> dy, ArrayView<float> x, ArrayView<float> mean, ArrayView<float> rstd, RowShape shape)
    {
        int c = shape.C;
        for (int i = FirstItem, stride = ThreadStride; i < c; i += stride)
        {
            float g = dgamma[i], b = dbeta[i];
            for (int row = 0; row < shape.Rows; row++)
            {
                float d = dy[row * c + i];
                g += d * ((x[row * c + i] - mean[row]) * rstd[row]);
                b += d;
            }
            dgamma[i] = g;
            dbeta[i] = b;
        }
    }
}
