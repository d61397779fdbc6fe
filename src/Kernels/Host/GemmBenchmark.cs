using System.Diagnostics;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// Times the host's matrix products on the shapes of a GPT-2 step, and the multiply-add peak they are judged by. Every figure is the best of several runs, in
/// GFLOP/s of 10⁹ multiplications and additions per second.
/// </summary>
public static class GemmBenchmark
{
    /// <summary>
    /// M rows, N columns of the result, K long sums: the projections of GPT-2 124M at 256 and 1,024 rows, its classifier, and two shapes of a small model.
    /// </summary>
    public static IReadOnlyList<(int M, int N, int K)> Shapes { get; } =
    [
        (256, 2304, 768), (256, 768, 3072), (768, 768, 768), (1024, 2304, 768), (1024, 3072, 768),
        (1024, 768, 3072), (1024, 50257, 768), (512, 384, 128), (512, 512, 128),
    ];

    /// <summary>
    /// Both layouts of one shape. NN: C = A·B with B [K, N], as in a forward pass. NT: C = A·Bᵀ with B [N, K], as in a backward pass. Once with B as plain
    /// rows, packed within the call, and once with the copy that frozen weights are kept in.
    /// </summary>
    public static IEnumerable<GemmMeasurement> Measure(int m, int n, int k, int threads)
    {
        using var backend = new HostBackend(threads);
        var a = backend.Allocate("A", (long)m * k);
        var b = backend.Allocate("B", (long)k * n);
        var c = backend.Allocate("C", (long)m * n);
        var values = Values(b.Length);
        backend.Write(a, Values(a.Length));
        backend.Write(b, values);
        var rows = Matrix.Dense("B", b, k, n);
        var columns = Matrix.Dense("B", b, k, n, transposed: true);
        double flops = 2.0 * m * n * k;
        GemmMeasurement measurement;
        using (var packed = backend.Pack("B", values, k, n))
            measurement = new("NN", m, n, k,
                Rate(flops, () => backend.MatMul(c, a, rows, default, m)),
                Rate(flops, () => backend.MatMul(c, a, packed, default, m)));
        yield return measurement;
        using (var packed = backend.Pack("B", values, n, k))
            measurement = new("NT", m, n, k,
                Rate(flops, () => backend.MatMul(c, a, columns, default, m)),
                Rate(flops, () => backend.MatMulBackwardInput(c, a, packed, m)));
        yield return measurement;
        foreach (var view in (ReadOnlySpan<View>)[a, b, c]) view.Buffer.Dispose();
    }

    /// <summary>Fused multiply-adds per second on registers alone: no product can be faster.</summary>
    public static double Peak(int threads)
    {
        using var pool = new WorkerPool(threads);
        var job = new PeakJob();
        return Rate((double)threads * PeakJob.FlopsOfAPart, () => pool.Run(ref job, threads, 16));
    }

    /// <summary>The best of at least seven runs and at least 0.3 seconds.</summary>
    private static double Rate(double flops, Action run)
    {
        run();
        double best = double.MaxValue, total = 0;
        for (int i = 0; i < 7 || (total < 0.3 && i < 1000); i++)
        {
            long began = Stopwatch.GetTimestamp();
            run();
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            best = Math.Min(best, seconds);
            total += seconds;
        }
        return flops / best / 1e9;
    }

    private static float[] Values(long length)
    {
        var values = new float[length];
        for (long i = 0; i < length; i++) values[i] = i * 2654435761L % 1000 * 0.001f - 0.5f;
        return values;
    }

    /// <summary>A tile whose operands stay in the nearest cache is as fast as registers alone: its loads run beside its arithmetic.</summary>
    private unsafe struct PeakJob : IHostJob
    {
        private const int Depth = 128, Calls = 500, Rows = 12, Lanes = 32;

        /// <summary>Counted in tiles of the wide kernel; narrower machines run as many narrow ones as it takes.</summary>
        public const long FlopsOfAPart = 2L * Rows * Lanes * Depth * Calls;

        public readonly void Run(int part, int parts, float* scratch)
        {
            float* a = stackalloc float[12 * 32], b = stackalloc float[Depth * 32], c = stackalloc float[12 * 32];
            long calls = FlopsOfAPart / (2L * Tile.Rows * Tile.Width * Depth);
            for (long i = 0; i < calls; i++) Tile.Multiply(c, Tile.Width, Tile.Rows, Tile.Width, a, 0, b, Depth, true, null, default);
        }
    }
}

/// <summary>One shape and layout of a matrix product on the host.</summary>
/// <param name="Layout">NN or NT.</param>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Length of every sum.</param>
/// <param name="Gflops">GFLOP/s with B as plain rows, packed within the call.</param>
/// <param name="GflopsPrepacked">GFLOP/s with B packed beforehand, as frozen weights are.</param>
public sealed record GemmMeasurement(string Layout, int M, int N, int K, double Gflops, double GflopsPrepacked);
