namespace LoraCollab.Kernels.Tests;

/// <summary>Every part of every op runs exactly once, however many ops follow each other and however long the threads sleep between them.</summary>
public sealed class WorkerPoolTests
{
    private unsafe struct CountJob : IHostJob
    {
        public int* Counts;
        public int Value;

        public readonly void Run(int part, int parts, float* scratch)
        {
            scratch[0] = Value; // everyone's own: another part would overwrite it
            Counts[part] += (int)scratch[0];
        }
    }

    [Theory, InlineData(2), InlineData(3), InlineData(8)]
    public unsafe void Run_ManyOpsInARow_RunsEveryPartOnce(int threads)
    {
        using var pool = new WorkerPool(threads);
        int* counts = stackalloc int[threads];
        for (int i = 1; i <= 20_000; i++)
        {
            int parts = 1 + i % threads;
            var job = new CountJob { Counts = counts, Value = i % 7 };
            for (int part = 0; part < threads; part++) counts[part] = 0;
            pool.Run(ref job, parts, 16);
            for (int part = 0; part < threads; part++) Assert.Equal(part < parts ? i % 7 : 0, counts[part]);
            if (i % 4000 == 0) Thread.Sleep(5); // long enough to fall asleep
        }
    }
}
