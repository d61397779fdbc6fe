using System.Collections.Concurrent;
using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>A compiled kernel and how often it was started, by op and grid. Counting takes a look-up and an addition a launch.</summary>
internal sealed class LoadedKernel(string name, Delegate launcher)
{
    private readonly ConcurrentDictionary<(string Op, int Grid, int Group), long[]> _counts = [];

    public string Name { get; } = name;

    /// <summary>What <c>LoadKernel</c> returned.</summary>
    public Delegate Launcher { get; } = launcher;

    /// <summary>The largest group it was started with.</summary>
    public int LargestGroup => _counts.IsEmpty ? 0 : _counts.Keys.Max(k => k.Group);

    public IEnumerable<KernelLaunch> Launches => _counts
        .Select(c => new KernelLaunch(c.Key.Op, Name, c.Key.Grid, c.Key.Group, Interlocked.Read(ref c.Value[0]))).Where(l => l.Count > 0);

    public void Count(string op, KernelConfig grid) =>
        Interlocked.Increment(ref _counts.GetOrAdd((op, grid.GridDim.X, grid.GroupDim.X), static _ => new long[1])[0]);

    public void Forget()
    {
        foreach (long[] count in _counts.Values) Interlocked.Exchange(ref count[0], 0);
    }
}
