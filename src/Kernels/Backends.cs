namespace LoraCollab.Kernels;

/// <summary>Makes backends by kind: one line each.</summary>
public static class Backends
{
    /// <param name="kind">Which device.</param>
    /// <param name="threads">Threads on the host; ignored elsewhere.</param>
    /// <param name="profiling">Whether a profiler will ask the device for its own times.</param>
    /// <exception cref="PlatformNotSupportedException">This machine has no such device; the message says what is missing.</exception>
    public static ComputeBackend Create(BackendKind kind, int threads, bool profiling = false) => kind switch
    {
        BackendKind.Reference => new ReferenceBackend(),
        BackendKind.Host => new HostBackend(threads),
        BackendKind.Cuda or BackendKind.OpenCL => Devices.Open(kind, profiling),
        BackendKind.Simulator => Devices.OpenSimulator(profiling: profiling),
        _ => throw new PlatformNotSupportedException($"the backend {kind} is not available on this machine"),
    };

    /// <summary>Bytes that one lane will hold beside the buffers it is asked for, once it has met its largest ops.</summary>
    /// <param name="size">The backend, and the threads of this lane.</param>
    /// <param name="passes">What the lane runs.</param>
    public static long WorkspaceBytes(ComputeSize size, IEnumerable<PassShapes> passes) => size.Kind switch
    {
        BackendKind.Reference => 0,
        BackendKind.Host => HostBackend.WorkspaceBytes(size.Threads, passes),
        _ => IlgpuBackend.WorkspaceBytes(size.Kind != BackendKind.Simulator, passes),
    };

    /// <summary>Bytes that a frozen weight [IC, OC] takes once it is packed.</summary>
    public static long PackedBytes(BackendKind kind, int ic, int oc) => kind switch
    {
        BackendKind.Reference => sizeof(double) * (long)ic * oc,
        BackendKind.Host => sizeof(float) * PackedPanels.Elements(ic, oc),
        _ => sizeof(float) * (long)ic * oc,
    };
}

/// <summary>What memory is planned for before a backend is opened.</summary>
/// <param name="Kind">Which backend.</param>
/// <param name="Threads">Threads of all lanes together.</param>
public readonly record struct ComputeSize(BackendKind Kind, int Threads)
{
    /// <summary>Bytes of one real number there.</summary>
    public int RealBytes => Kind == BackendKind.Reference ? sizeof(double) : sizeof(float);
}
