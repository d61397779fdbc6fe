namespace LoraCollab.Kernels.Host;

/// <summary>One shape and layout of a matrix product on the host.</summary>
/// <param name="Layout">NN or NT.</param>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Length of every sum.</param>
/// <param name="Gflops">GFLOP/s with B as plain rows, packed within the call.</param>
/// <param name="GflopsPrepacked">GFLOP/s with B packed beforehand, as frozen weights are.</param>
public sealed record GemmMeasurement(string Layout, int M, int N, int K, double Gflops, double GflopsPrepacked);
