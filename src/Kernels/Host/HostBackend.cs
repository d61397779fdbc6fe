using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// The fast path on a CPU: float32 outside the managed heap, vectors of whatever width the machine has, one pool of threads per lane. No op allocates after its
/// largest shape was seen once, and no result depends on the number of threads or on the instruction set: vectors run across outputs, sums over k are one chain
/// of fused multiply-adds, reductions along a row use 16 lanes and a fixed tree; exp and log are polynomials of our own, GELU a rational function.
/// </summary>
public sealed unsafe partial class HostBackend : ComputeBackend
{
    private const string WorkspaceName = "workspace";

    private readonly WorkerPool _pool;
    private AlignedMemory _workspace;

    /// <param name="threads">Threads to compute with, the caller's included; at least 1.</param>
    public HostBackend(int threads) : this(threads, null)
    {
    }

    private HostBackend(int threads, MemoryLedger? memory) : base(memory)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _pool = new WorkerPool(threads, Memory);
    }

    /// <summary>The vectors the kernels use on this machine.</summary>
    public static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : !Vector128.IsHardwareAccelerated ? "scalar"
        : X86Base.IsSupported ? "SSE" : "128-bit vectors";

    public override BackendKind Kind => BackendKind.Host;

    public override string Description => $"host, {Threads} {(Threads == 1 ? "thread" : "threads")}, {InstructionSet}";

    public override int Threads => _pool.Threads;

    /// <summary>A backend of its own threads and workspace; all host buffers are plain memory, which every lane can read.</summary>
    public override ComputeBackend CreateLane(int threads) => new HostBackend(threads, Memory);

    protected override DeviceBuffer AllocateReals(string name, long length) => new HostBuffer(name, length);

    protected override DeviceBuffer AllocateIntegers(string name, long length) => new HostBuffer(name, length);

    public override void Write(View destination, ReadOnlySpan<float> source)
    {
        RequireSize(destination, source.Length, nameof(destination));
        source.CopyTo(new Span<float>(Reals(destination), source.Length));
    }

    public override void Write(View destination, ReadOnlySpan<double> source)
    {
        RequireSize(destination, source.Length, nameof(destination));
        float* values = Reals(destination);
        for (int i = 0; i < source.Length; i++) values[i] = (float)source[i];
    }

    public override void Write(IntView destination, ReadOnlySpan<int> source)
    {
        RequireSize(destination, source.Length, nameof(destination));
        source.CopyTo(new Span<int>(Ids(destination), source.Length));
    }

    public override void Download(Span<float> destination, View source)
    {
        RequireSize(source, destination.Length, nameof(source));
        new ReadOnlySpan<float>(Reals(source), destination.Length).CopyTo(destination);
    }

    public override void Download(Span<double> destination, View source)
    {
        RequireSize(source, destination.Length, nameof(source));
        float* values = Reals(source);
        for (int i = 0; i < destination.Length; i++) destination[i] = values[i];
    }

    public override void Download(Span<int> destination, IntView source)
    {
        RequireSize(source, destination.Length, nameof(source));
        new ReadOnlySpan<int>(Ids(source), destination.Length).CopyTo(destination);
    }

    public override long FirstNonFinite(View source)
    {
        float* values = Reals(source);
        for (long i = 0; i < source.Length; i++)
            if (!float.IsFinite(values[i])) return i;
        return -1;
    }

    public override Matrix Pack(string name, ReadOnlySpan<float> values, int ic, int oc, bool transposed = false) =>
        new PackedPanels(Memory, name, values, ic, oc, transposed);

    public override void Unpack(Span<float> destination, Matrix source, bool transposed = false)
    {
        if (destination.Length != (long)source.IC * source.OC)
            throw new ArgumentException(
                $"{source.Name}: {source.IC} × {source.OC} elements do not fit into a span of {destination.Length}",
                nameof(destination));
        if (source is PackedPanels packed)
        {
            packed.Unpack(destination, transposed);
            return;
        }
        var dense = Dense(source);
        float* values = Reals(dense.Values);
        for (int i = 0; i < source.IC; i++)
            for (int o = 0; o < source.OC; o++)
                destination[transposed ? o * source.IC + i : i * source.OC + o] = values[dense.Transposed ? (long)o * source.IC + i : (long)i * source.OC + o];
    }

    /// <summary>Ops are done when they return.</summary>
    public override void Synchronize() { }

    public override void Dispose()
    {
        _pool.Dispose();
        Memory.Resize(WorkspaceName, _workspace.Bytes, 0);
        _workspace.Free();
    }

    // ---- what the ops read and write through ----

    /// <summary>The elements of a view; null where it is empty.</summary>
    private static float* Reals(View view) =>
        view.IsEmpty ? null
        : view.Buffer is HostBuffer buffer ? buffer.Reals + view.Offset
        : throw new ArgumentException($"{view} does not belong to the host backend", nameof(view));

    private static int* Ids(IntView view) =>
        view.IsEmpty ? null
        : view.Buffer is HostBuffer buffer ? buffer.Ids + view.Offset
        : throw new ArgumentException($"{view} does not belong to the host backend", nameof(view));

    private static DenseMatrix Dense(Matrix w) =>
        w as DenseMatrix ?? throw new ArgumentException($"the matrix {w.Name} does not belong to the host backend", nameof(w));

    /// <summary>Memory of the lane that all its threads see; its content is lost between ops.</summary>
    private float* Workspace(long elements)
    {
        if (_workspace.Elements < elements)
        {
            Memory.Resize(WorkspaceName, _workspace.Bytes, elements * sizeof(float));
            _workspace.Free();
            _workspace = new AlignedMemory(elements);
        }
        return _workspace.Pointer;
    }

    /// <summary>Runs a job, on all threads where its work is worth waking them.</summary>
    /// <param name="job">The work.</param>
    /// <param name="work">About how many vector instructions it is.</param>
    /// <param name="units">How many pieces it can be cut into.</param>
    /// <param name="scratch">Elements of scratch memory every part wants.</param>
    private void Run<TJob>(ref TJob job, long work, long units, long scratch = 0) where TJob : unmanaged, IHostJob =>
        _pool.Run(ref job, work < 8192 ? 1 : (int)Math.Min(Threads, units), scratch);

    private static void RequireIds(int* ids, long count, int smallest, long vocabulary, string argument)
    {
        for (long i = 0; i < count; i++)
            if (ids[i] < smallest || ids[i] >= vocabulary)
                throw new ArgumentOutOfRangeException(argument, ids[i], $"{argument}[{i}] is {ids[i]}, outside the vocabulary of {vocabulary} tokens");
    }
}
