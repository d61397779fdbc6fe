namespace LoraCollab.Kernels.Tests;

/// <summary>Runs beside no other test, so that what the whole process allocates can be read.</summary>
[CollectionDefinition(nameof(HostAllocationTests), DisableParallelization = true)]
[Collection(nameof(HostAllocationTests))]
public sealed class HostAllocationTests
{
    [Fact]
    public void EveryOp_AfterItsFirstCalls_AllocatesNothingOnAnyThread()
    {
        using var host = new HostBackend(2);
        foreach (var c in OpCases.All)
        {
            using var bound = c.Bind(host);
            foreach (var step in c.Steps)
            {
                bound.Run(step);
                // Another thread of the runtime may allocate now and then; an op that allocates does so every time.
                long least = long.MaxValue;
                for (int attempt = 0; attempt < 10 && least > 0; attempt++) least = Math.Min(least, Allocated(bound, step));
                Assert.True(least == 0, $"{c.Name}: a call of {step.Op} allocates {least} bytes");
            }
        }
    }

    private static long Allocated(BoundCase bound, OpStep step)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        bound.Run(step);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
