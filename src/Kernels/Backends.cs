using LoraCollab.Kernels.Host;
using LoraCollab.Kernels.Reference;

namespace LoraCollab.Kernels;

/// <summary>Makes backends by kind: one line each.</summary>
public static class Backends
{
    /// <param name="kind">Which device.</param>
    /// <param name="threads">Threads on the host; ignored elsewhere.</param>
    /// <exception cref="PlatformNotSupportedException">This machine has no such device; the message says what is missing.</exception>
    public static ComputeBackend Create(BackendKind kind, int threads) => kind switch
    {
        BackendKind.Reference => new ReferenceBackend(),
        BackendKind.Host => new HostBackend(threads),
        BackendKind.Cuda or BackendKind.OpenCL => Devices.Open(kind),
        BackendKind.Simulator => Devices.OpenSimulator(),
        _ => throw new PlatformNotSupportedException($"the backend {kind} is not available on this machine"),
    };

    /// <summary>The backend <c>auto</c> stands for: CUDA where there is a device, else the host.</summary>
    public static ComputeBackend Auto(int threads) => Create(Devices.Auto(), threads);
}
