namespace LoraCollab.Engine.Gradients;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5).</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 60;

    /// <summary>S = V·diag(λ)·Vᵀ.</summary>
    /// <param name="s">[n, n], symmetric; not changed.</param>
    /// <returns>λ [n] in no order, V [n, n] with the eigenvectors as columns.</returns>
    public static (double[] Values, double[,] Vectors) Of(double[,] s)
    {
        int n = s.GetLength(0);
        var a = (double[,])s.Clone();
        var v = new double[n, n];
        for (int i = 0; i < n; i++) v[i, i] = 1;
        for (int sweep = 0; sweep < MostSweeps && OffDiagonal(a) > 0; sweep++)
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++) Rotate(a, v, p, q);
        return ([.. Enumerable.Range(0, n).Select(i => a[i, i])], v);
    }

    /// <summary>Makes a[p, q] zero by a rotation in the plane of p and q.</summary>
    private static void Rotate(double[,] a, double[,] v, int p, int q)
    {
        // Below the rounding of the diagonal nothing is left to do.
        if (Math.Abs(a[p, q]) <= 1e-18 * Math.Sqrt(Math.Abs(a[p, p] * a[q, q])) || a[p, q] == 0)
        {
            a[p, q] = a[q, p] = 0;
            return;
        }
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1)), c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++) (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < n; k++) (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        for (int k = 0; k < n; k++) (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q]);
        a[p, q] = a[q, p] = 0;
    }

    private static double OffDiagonal(double[,] a)
    {
        double sum = 0;
        for (int i = 0; i < a.GetLength(0); i++)
            for (int j = 0; j < i; j++) sum += Math.Abs(a[i, j]);
        return sum;
    }
}
