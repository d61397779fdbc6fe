namespace LoraCollab.Kernels.Ilgpu;

/// <summary>A device that was found, or why one of its kind was not.</summary>
/// <param name="Kind">The backend that would run on it.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="MemoryBytes">Its memory; 0 where unknown.</param>
/// <param name="WarpSize">Threads that run in step; on the host, floats in a vector register.</param>
/// <param name="Capable">Whether our kernels run on it.</param>
/// <param name="Reason">Why not; empty where capable.</param>
public sealed record DeviceDescription(BackendKind Kind, string Name, long MemoryBytes, int WarpSize, bool Capable, string Reason = "");
