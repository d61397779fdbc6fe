namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    private static readonly double RootTwoOverPi = Math.Sqrt(2 / Math.PI);

    protected override void GeluCore(View y, View x, long n, GeluForm form)
    {
        Span<double> Y = Reals(y), X = Reals(x);
        for (int i = 0; i < n; i++)
            Y[i] = form == GeluForm.Tanh
                ? 0.5 * X[i] * (1 + Math.Tanh(RootTwoOverPi * (X[i] + 0.044715 * X[i] * X[i] * X[i])))
                : 0.5 * X[i] * (1 + Erf(X[i] / Math.Sqrt(2)));
    }

    protected override void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form)
    {
        Span<double> DX = Reals(dx), DY = Reals(dy), X = Reals(x);
        for (int i = 0; i < n; i++)
            DX[i] = DY[i] * (form == GeluForm.Tanh ? TanhFormDerivative(X[i]) : ErfFormDerivative(X[i]));
    }

    /// <summary>Of 0.5·x·(1 + tanh(u)), u = √(2/π)·(x + 0.044715·x³): the product rule, with tanh′ = 1 − tanh².</summary>
    private static double TanhFormDerivative(double x)
    {
        double t = Math.Tanh(RootTwoOverPi * (x + 0.044715 * x * x * x));
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * RootTwoOverPi * (1 + 3 * 0.044715 * x * x);
    }

    /// <summary>Of x·Φ(x), Φ(x) = 0.5·(1 + erf(x/√2)): Φ(x) + x·φ(x), φ the normal density.</summary>
    private static double ErfFormDerivative(double x) =>
        0.5 * (1 + Erf(x / Math.Sqrt(2))) + x * Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// erf(x) = 2/√π · exp(−x²) · Σ_n 2ⁿ·x²ⁿ⁺¹ / (1·3·…·(2n + 1)) (Abramowitz and Stegun 7.1.6): every term has the sign of x, so that
    /// nothing cancels. Beyond 6 the result is ±1 in double.
    /// </summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6) return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
