namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// C[m, n] (+)= Σ_k scale·A[m, k]·B[k, n], k ascending in one chain that starts at zero or at the old C. C is row-major [M, N]; A[m, k] lies at m·AM + k·AK and
/// B[k, n] at k·BK + n·BN, so that one kernel serves every product of the forward and backward passes, whichever side is transposed.
/// </summary>
internal readonly record struct ProductShape(int M, int N, int K, int AM, int AK, int BK, int BN, float Scale, int Accumulate)
{
    /// <summary>y = x·W.</summary>
    public static ProductShape Forward(int rows, int ic, int oc, int inputStride, int outputStride) => new(rows, oc, ic, ic, 1, inputStride, outputStride, 1, 0);

    /// <summary>dx = dy·Wᵀ.</summary>
    public static ProductShape BackwardInput(int rows, int ic, int oc, int inputStride, int outputStride) => new(rows, ic, oc, oc, 1, outputStride, inputStride, 1, 0);

    /// <summary>dW [IC, OC] += scale·xᵀ·dy.</summary>
    public static ProductShape BackwardWeight(int rows, int ic, int oc, float scale) => new(ic, oc, rows, 1, ic, oc, 1, scale, 1);
}
