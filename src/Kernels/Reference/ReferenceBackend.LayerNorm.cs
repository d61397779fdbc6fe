namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void LayerNormCore(View y, View mean, View rstd, View x, View gamma, View beta, int rows, int c, float epsilon)
    {
        Table Y = Table(y, c), X = Table(x, c);
        Span<double> mu = Reals(mean), rho = Reals(rstd), g = Reals(gamma), b = Reals(beta);
        for (int m = 0; m < rows; m++)
        {
            double sum = 0, squares = 0;
            for (int i = 0; i < c; i++) sum += X[m, i];
            mu[m] = sum / c;
            for (int i = 0; i < c; i++) squares += (X[m, i] - mu[m]) * (X[m, i] - mu[m]);
            rho[m] = 1 / Math.Sqrt(squares / c + epsilon);
            for (int i = 0; i < c; i++) Y[m, i] = (X[m, i] - mu[m]) * rho[m] * g[i] + b[i];
        }
    }

    protected override void LayerNormBackwardCore(
        View dx, View dgamma, View dbeta, View dy, View x, View mean, View rstd, View gamma, int rows, int c)
    {
        Table DX = Table(dx, c), DY = Table(dy, c), X = Table(x, c);
        Span<double> mu = Reals(mean), rho = Reals(rstd), g = Reals(gamma), dg = Reals(dgamma), db = Reals(dbeta);
        for (int m = 0; m < rows; m++)
        {
            // Y[m, i] = n·g[i] + b[i] with n = (X[m, i] - mu[m]) * rho[m], for g and b
            for (int i = 0; i < c && !dg.IsEmpty; i++)
            {
                dg[i] += DY[m, i] * (X[m, i] - mu[m]) * rho[m];
                db[i] += DY[m, i];
            }
            if (DX.IsEmpty) continue;

            // The same line for X. It reaches Y directly, through mu and through rho: two means take away the shift and the stretch that the norm undoes.
            double shift = 0, stretch = 0;
            for (int i = 0; i < c; i++)
            {
                shift += DY[m, i] * g[i];
                stretch += DY[m, i] * g[i] * (X[m, i] - mu[m]) * rho[m];
            }
            for (int i = 0; i < c; i++)
                DX[m, i] += rho[m] * (DY[m, i] * g[i] - shift / c - (X[m, i] - mu[m]) * rho[m] * stretch / c);
        }
    }
}
