using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

/// <summary>How fast the machine's threads can read memory: the ceiling of everything that reads each weight once, such as generation.</summary>
public static unsafe class ReadBandwidth
{
    /// <summary>Many times any last-level cache.</summary>
    private const long Bytes = 1L << 29;

    /// <summary>The best of several passes over one large buffer, every thread over a part of its own, in bytes per second.</summary>
    /// <param name="threads">Threads that read.</param>
    /// <param name="passes">How often.</param>
    public static double Measure(int threads, int passes = 9)
    {
        using var pool = new WorkerPool(threads);
        var memory = new AlignedMemory(Bytes / sizeof(float));
        try
        {
            // Pages nobody has written to are all the same page of zeros, which fits into any cache.
            new Span<float>(memory.Pointer, (int)memory.Elements).Fill(1);
            var job = new SumJob { Values = memory.Pointer, Count = memory.Elements };
            double best = 0;
            for (int i = 0; i < passes; i++)
            {
                long began = Stopwatch.GetTimestamp();
                pool.Run(ref job, threads, 16);
                best = Math.Max(best, Bytes / Stopwatch.GetElapsedTime(began).TotalSeconds);
            }
            return best;
        }
        finally
        {
            memory.Free();
        }
    }

    /// <summary>Adds the part's elements up: eight independent vectors a round, so that the additions wait for memory and not for each other.</summary>
    private struct SumJob : IHostJob
    {
        public float* Values;
        public long Count;

        public readonly void Run(int part, int parts, float* scratch)
        {
            const int step = 8 * 16;
            long first = Count / step * part / parts * step, end = Count / step * (part + 1) / parts * step;
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (float* x = Values + first; x < Values + end; x += step)
            {
                (s0, s1) = (s0 + Vector512.Load(x), s1 + Vector512.Load(x + 16));
                (s2, s3) = (s2 + Vector512.Load(x + 32), s3 + Vector512.Load(x + 48));
                (s4, s5) = (s4 + Vector512.Load(x + 64), s5 + Vector512.Load(x + 80));
                (s6, s7) = (s6 + Vector512.Load(x + 96), s7 + Vector512.Load(x + 112));
            }
            (((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))).Store(scratch);
        }
    }
}
