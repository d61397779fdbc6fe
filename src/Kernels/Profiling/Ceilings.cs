using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>
/// What a device can do at best: arithmetic, and copies of several sizes, since what fits into a cache is copied many times faster than what does not. An op
/// that does I FLOPs per byte can do at most min(peak, I · bandwidth) FLOPs per second: the roofline (Williams, Waterman, Patterson,
/// doi:10.1145/1498765.1498785).
/// </summary>
/// <param name="FlopsPerSecond">The peak; a fused multiply-add counts two.</param>
/// <param name="PeakOf">How the peak was found.</param>
/// <param name="Copies">By size, ascending; none is slower than a larger one.</param>
public sealed record Ceilings(double FlopsPerSecond, string PeakOf, IReadOnlyList<CopyRate> Copies)
{
    private const double LeastSeconds = 0.03;
    private const int LeastSide = 64, MostSide = 4096;

    /// <summary>The bandwidth for an op whose operands take so many bytes: that of the next larger copy, beyond the largest that of memory.</summary>
    public double BytesPerSecond(double bytes)
    {
        foreach (var copy in Copies)
            if (bytes <= copy.Bytes) return copy.BytesPerSecond;
        return Copies[^1].BytesPerSecond;
    }

    /// <summary>The least time of that much work, in seconds.</summary>
    /// <param name="flops">FLOPs of one call.</param>
    /// <param name="bytes">Bytes of one call.</param>
    public double LeastTime(double flops, double bytes) => Math.Max(flops / FlopsPerSecond, bytes / BytesPerSecond(bytes));

    /// <summary>What is left for each of several lanes that share the device evenly.</summary>
    public Ceilings PerLane(int lanes) => this with
    {
        FlopsPerSecond = FlopsPerSecond / lanes,
        Copies = [.. Copies.Select(c => new CopyRate(c.Bytes / lanes, c.BytesPerSecond / lanes))],
    };

    /// <summary>Measures a device, in about a second; only the simulator and the reference backend, which are not made for speed, with tiny sizes.</summary>
    public static Ceilings Measure(ComputeBackend backend)
    {
        bool slow = backend.Kind is BackendKind.Reference or BackendKind.Simulator;
        long[] sizes = slow ? [1L << 18] : [1L << 18, 1L << 20, 1L << 22, 1L << 24, 1L << 28];
        var rates = sizes.Select(bytes => new CopyRate(bytes, Copy(backend, bytes))).ToArray();
        for (int i = rates.Length - 2; i >= 0; i--)
            rates[i] = rates[i] with { BytesPerSecond = Math.Max(rates[i].BytesPerSecond, rates[i + 1].BytesPerSecond) };
        return backend.Kind == BackendKind.Host
            ? new Ceilings(GemmBenchmark.Peak(backend.Threads) * 1e9, "multiply-adds on registers", rates)
            : new Ceilings(Product(backend, out int side), $"a product of {side} × {side} matrices", rates);
    }

    private static double Copy(ComputeBackend backend, long bytes)
    {
        long length = bytes / 2 / backend.RealBytes;
        View y = backend.Allocate("copy", length), x = backend.Allocate("copied", length);
        backend.Fill(x, 1); // pages that nobody has written to are all the same page
        double best = Best(backend, () => backend.Copy(y, x));
        y.Buffer.Dispose();
        x.Buffer.Dispose();
        return bytes / best;
    }

    /// <summary>The best of products whose sides are doubled until one takes long enough to be timed.</summary>
    private static double Product(ComputeBackend backend, out int side)
    {
        double rate = 0;
        side = LeastSide;
        for (int n = LeastSide; n <= MostSide; n *= 2)
        {
            long length = (long)n * n;
            View y = backend.Allocate("product", length), x = backend.Allocate("x", length), w = backend.Allocate("w", length);
            double seconds = Best(backend, () => backend.MatMul(y, x, Matrix.Dense("w", w, n, n), default, n)), found = 2.0 * n * n * n / seconds;
            if (found > rate) (rate, side) = (found, n);
            foreach (var view in (ReadOnlySpan<View>)[y, x, w]) view.Buffer.Dispose();
            if (seconds > LeastSeconds) break;
        }
        return rate;
    }

    /// <summary>The shortest of at least three runs, in seconds; several calls per run where one is too short for the clock.</summary>
    private static double Best(ComputeBackend backend, Action call)
    {
        double best = double.PositiveInfinity, total = 0;
        call();
        backend.Synchronize();
        for (int run = 0, calls = 1; run < 3 || (total < LeastSeconds && run < 1000); run++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++) call();
            backend.Synchronize();
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            total += seconds;
            best = Math.Min(best, seconds / calls);
            if (seconds < LeastSeconds / 100 && calls < 1 << 20) calls *= 2;
        }
        return best;
    }
}

/// <summary>How fast a copy of some size is.</summary>
/// <param name="Bytes">Read and written together.</param>
/// <param name="BytesPerSecond">Read and written together.</param>
public readonly record struct CopyRate(long Bytes, double BytesPerSecond);
