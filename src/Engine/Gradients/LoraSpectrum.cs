namespace LoraCollab.Engine.Gradients;

/// <summary>The singular values of an adapter's ΔW = s·B·A, one projection at a time, from the factors: ΔW itself is never formed.</summary>
/// <param name="Projection">The adapted layer: h.3.attn.c_attn.</param>
/// <param name="Singular">Its r largest singular values, from the largest down; the rest of them are 0.</param>
public sealed record LoraSpectrum(string Projection, IReadOnlyList<double> Singular)
{
    /// <summary>‖ΔW‖_F = √Σ σ².</summary>
    public double Norm => Math.Sqrt(Singular.Sum(s => s * s));

    /// <summary>exp of the entropy of σ²/Σσ²: how many directions carry the change, from 1 to r; 0 where there is none (Roy and Vetterli 2007).</summary>
    public double EffectiveRank
    {
        get
        {
            double sum = Singular.Sum(s => s * s);
            if (!(sum > 0)) return 0;
            return Math.Exp(-Singular.Select(s => s * s / sum).Where(p => p > 0).Sum(p => p * Math.Log(p)));
        }
    }

    /// <param name="flat">The adapter in <see cref="LoraLayout"/>'s order.</param>
    public static IReadOnlyList<LoraSpectrum> Of(GptConfig config, LoraOptions lora, float[] flat)
    {
        var layout = LoraLayout.Of(config, lora);
        return
        [
            .. LoraLayout.Sites(config, lora).Select(s => new LoraSpectrum(s.Projection.NameIn(s.Layer),
                Values(layout.Of(flat, LoraLayout.NameOfA(s.Layer, s.Projection)), layout.Of(flat, LoraLayout.NameOfB(s.Layer, s.Projection)),
                    lora.Rank, lora.Scale))),
        ];
    }

    /// <summary>
    /// With A·Aᵀ = V·Λ·Vᵀ the squares are the eigenvalues of s²·Λ^½·Vᵀ·(Bᵀ·B)·V·Λ^½, [r, r]: (ΔW·ΔWᵀ = s²·B·A·Aᵀ·Bᵀ has
    /// the same, and zeros.) Squaring costs half the digits: values below 1e-8 of the largest are rounding.
    /// </summary>
    private static double[] Values(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int r, double scale)
    {
        if (!b.ContainsAnyExcept(0f)) return new double[r]; // a new adapter: nothing to find, and a large rank takes its time
        var (lambda, v) = SymmetricEigen.Of(Gram(a, r, a.Length / r, 1));
        var middle = Between(Gram(b, r, 1, r), v);
        for (int p = 0; p < r; p++)
            for (int q = 0; q < r; q++) middle[p, q] *= scale * scale * Math.Sqrt(Math.Max(0, lambda[p]) * Math.Max(0, lambda[q]));
        return [.. SymmetricEigen.Of(middle).Values.Select(x => Math.Sqrt(Math.Max(0, x))).OrderDescending()];
    }

    /// <summary>Vᵀ·G·V, by way of G·V: r³ and not r⁴ products.</summary>
    private static double[,] Between(double[,] gram, double[,] v)
    {
        int r = v.GetLength(0);
        var right = new double[r, r];
        for (int k = 0; k < r; k++)
            for (int l = 0; l < r; l++)
                for (int q = 0; q < r; q++) right[k, q] += gram[k, l] * v[l, q];
        var product = new double[r, r];
        for (int k = 0; k < r; k++)
            for (int p = 0; p < r; p++)
                for (int q = 0; q < r; q++) product[p, q] += v[k, p] * right[k, q];
        return product;
    }

    /// <summary>Inner products of r vectors: element e of vector k lies at k·<paramref name="vector"/> + e·<paramref name="element"/>.</summary>
    private static double[,] Gram(ReadOnlySpan<float> values, int r, int vector, int element)
    {
        var gram = new double[r, r];
        int length = values.Length / r;
        for (int k = 0; k < r; k++)
            for (int l = 0; l <= k; l++)
            {
                double sum = 0;
                for (int e = 0; e < length; e++) sum += (double)values[k * vector + e * element] * values[l * vector + e * element];
                gram[k, l] = gram[l, k] = sum;
            }
        return gram;
    }
}
