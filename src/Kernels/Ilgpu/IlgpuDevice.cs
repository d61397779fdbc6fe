using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// One accelerator with what all its lanes share: memory, compiled kernels, and how many threads a group has.
/// </summary>
internal sealed class IlgpuDevice : IDisposable
{
    private readonly Context _context;
    private readonly ConcurrentDictionary<Delegate, LoadedKernel> _kernels = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes ownership of the context.</summary>
    /// <param name="context">Where the device was found.</param>
    /// <param name="device">The device.</param>
    /// <param name="groupSize">Threads that share a row, a power of two of at most <see cref="IlgpuBackend.MaxGroup"/>.</param>
    /// <param name="groups">Groups to launch at most.</param>
    public IlgpuDevice(Context context, Device device, int groupSize, int groups)
    {
        _context = context;
        Accelerator = device.CreateAccelerator(context);
        GroupSize = groupSize;
        Groups = groups;
        Nothing = Accelerator.Allocate1D<float>(1).View;
        NoIds = Accelerator.Allocate1D<int>(1).View;
    }

    public Accelerator Accelerator { get; }

    public int GroupSize { get; }

    public int Groups { get; }

    /// <summary>Threads on a side of a tile for the kernels that work through shared memory; 0 where groups are too small for them.</summary>
    public int TileStep => GroupSize >= IlgpuBackend.MaxGroup ? 16 : GroupSize >= 16 ? 4 : 0;

    /// <summary>Stands for an absent tensor: kernels ask for the length, and every device gets a valid address.</summary>
    public ArrayView<float> Nothing { get; }

    /// <inheritdoc cref="Nothing"/>
    public ArrayView<int> NoIds { get; }

    /// <summary>The kernels compiled so far.</summary>
    public IEnumerable<LoadedKernel> Kernels => _kernels.Values;

    /// <summary>A kernel, compiled at its first use. A static method group is one delegate object, so that it serves as the key.</summary>
    public LoadedKernel Kernel<TKernel, TLauncher>(TKernel kernel, Func<Accelerator, TKernel, TLauncher> load)
        where TKernel : Delegate where TLauncher : Delegate =>
        _kernels.TryGetValue(kernel, out var loaded) ? loaded : Load(kernel, load);

    private LoadedKernel Load<TKernel, TLauncher>(TKernel kernel, Func<Accelerator, TKernel, TLauncher> load)
        where TKernel : Delegate where TLauncher : Delegate
    {
        lock (_kernels)
        {
            return _kernels.GetOrAdd(kernel, _ => new LoadedKernel(kernel.Method.Name, load(Accelerator, kernel)));
        }
    }

    /// <summary>Drivers keep a current device per thread; a lane may be used from another thread than the one that made it.</summary>
    public void Bind()
    {
        if (Accelerator.Current != Accelerator) Accelerator.Bind();
    }

    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }
}

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
