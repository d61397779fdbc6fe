namespace LoraCollab.Federation.Trust;

/// <summary>
/// Minimises smooth functions of weights on the simplex, several side by side: spectral projected gradients (Birgin, Martínez and Raydan, 2000) with a
/// descent at every step. Deterministic: a problem is done when
/// the gap g·w − min_j g_j, which for a convex function bounds what is left to gain, is at most <see cref="Gap"/>, when no step along the descent direction
/// lowers the value, or after
/// as many steps as are allowed.
/// </summary>
internal static class SimplexDescent
{
    /// <summary>Nats.</summary>
    public const double Gap = 2e-4;

    private const int MostTrials = 8;
    private const double SufficientShare = 1e-4, LeastSpectral = 1e-3, MostSpectral = 1e3;

    /// <summary>One problem: where it stands.</summary>
    private sealed class Problem(double[] start, double value)
    {
        public double[] Weights = start, Gradient = [], Direction = [];
        public double Value = value, Spectral = double.NaN, Length;
        public bool Done;
    }

    /// <param name="starts">[M][N]: where each begins; weights outside <paramref name="allowed"/> are 0.</param>
    /// <param name="allowed">Whether weight j of problem m may be above 0.</param>
    /// <param name="mostSteps">Steps of each, at most.</param>
    /// <param name="values">Of M′ problems and their weights the values.</param>
    /// <param name="gradients">Of M′ problems and their weights the gradients [M′][N].</param>
    /// <returns>[M]: weights and value.</returns>
    public static (double[] Weights, double Value)[] Minimise(
        double[][] starts, Func<int, int, bool> allowed, int mostSteps,
        Func<IReadOnlyList<(int Problem, double[] Weights)>, double[]> values, Func<IReadOnlyList<(int Problem, double[] Weights)>, double[][]> gradients)
    {
        double[] first = values([.. starts.Select((w, m) => (m, w))]);
        Problem[] problems = [.. starts.Select((w, m) => new Problem(w, first[m]))];
        for (int step = 0; step < mostSteps && problems.Any(p => !p.Done); step++)
        {
            int[] active = Where(problems, p => !p.Done);
            double[][] slopes = gradients([.. active.Select(m => (m, problems[m].Weights))]);
            for (int a = 0; a < active.Length; a++) Aim(problems[active[a]], slopes[a], j => allowed(active[a], j));
            Search(problems, values);
        }
        return [.. problems.Select(p => (p.Weights, p.Value))];
    }

    /// <summary>Takes a gradient: done, or a direction d = P(w − g/σ) − w with the curvature σ that the last step saw.</summary>
    private static void Aim(Problem p, double[] gradient, Func<int, bool> allowed)
    {
        int[] open = [.. Enumerable.Range(0, gradient.Length).Where(allowed)];
        double least = open.Min(j => gradient[j]), most = open.Max(j => gradient[j]);
        if (Dot(gradient, p.Weights) - least <= Gap)
        {
            p.Done = true;
            return;
        }
        // The first step may cross the whole simplex; s·y / s·s of the last step afterwards.
        double sigma = double.IsNaN(p.Spectral) ? most - least : Curvature(p, gradient);
        p.Spectral = Math.Clamp(sigma, LeastSpectral, MostSpectral);
        var target = new double[gradient.Length];
        double[] projected = SimplexProjection.Of([.. open.Select(j => p.Weights[j] - gradient[j] / p.Spectral)]);
        for (int k = 0; k < open.Length; k++) target[open[k]] = projected[k];
        (p.Gradient, p.Direction, p.Length) = (gradient, [.. target.Zip(p.Weights, (t, w) => t - w)], 1);
    }

    private static double Curvature(Problem p, double[] gradient)
    {
        double sy = 0, ss = 0;
        for (int j = 0; j < gradient.Length; j++)
        {
            double s = p.Length * p.Direction[j];
            (sy, ss) = (sy + s * (gradient[j] - p.Gradient[j]), ss + s * s);
        }
        return ss > 0 && sy > 0 ? sy / ss : LeastSpectral;
    }

    /// <summary>Shortens each step until it lowers the value enough (Armijo), by the parabola through what is known.</summary>
    private static void Search(Problem[] problems, Func<IReadOnlyList<(int Problem, double[] Weights)>, double[]> values)
    {
        int[] open = Where(problems, p => !p.Done);
        for (int trial = 0; trial < MostTrials && open.Length > 0; trial++)
        {
            double[][] tried = [.. open.Select(m => Along(problems[m]))];
            double[] found = values([.. open.Select((m, k) => (m, tried[k]))]);
            var longer = new List<int>();
            for (int k = 0; k < open.Length; k++)
            {
                var p = problems[open[k]];
                double slope = Dot(p.Gradient, p.Direction), rise = found[k] - p.Value;
                if (rise <= SufficientShare * p.Length * slope) (p.Weights, p.Value) = (tried[k], found[k]);
                else
                {
                    double parabola = -0.5 * p.Length * p.Length * slope / (rise - p.Length * slope);
                    p.Length = Math.Clamp(parabola, 0.1 * p.Length, 0.5 * p.Length);
                    longer.Add(open[k]);
                }
            }
            open = [.. longer];
        }
        foreach (int m in open) problems[m].Done = true;
    }

    private static double[] Along(Problem p) => [.. p.Weights.Zip(p.Direction, (w, d) => Math.Max(0, w + p.Length * d))];

    private static int[] Where(Problem[] problems, Func<Problem, bool> test) => [.. Enumerable.Range(0, problems.Length).Where(m => test(problems[m]))];

    private static double Dot(double[] x, double[] y) => DotProduct.Of(x, y);
}

/// <summary>
/// The nearest point of the simplex {w ≥ 0, Σ w = 1} (Duchi et al., "Efficient projections onto the l1-ball", 2008): max(0, v_j − θ) with the θ that
/// makes the sum 1.
/// </summary>
internal static class SimplexProjection
{
    public static double[] Of(double[] v)
    {
        double[] sorted = [.. v.OrderDescending()];
        double sum = 0, theta = 0;
        for (int k = 0; k < sorted.Length; k++)
        {
            sum += sorted[k];
            double candidate = (sum - 1) / (k + 1);
            if (sorted[k] - candidate > 0) theta = candidate;
        }
        return [.. v.Select(x => Math.Max(0, x - theta))];
    }
}
