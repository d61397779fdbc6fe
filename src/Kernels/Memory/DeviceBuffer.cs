namespace LoraCollab.Kernels;

/// <summary>
/// A block of numbers on a device. What an element is belongs to the backend: float32 on the host and on GPUs, float64 in the reference
/// backend, int32 for token ids everywhere. Only the backend that made a buffer can look inside; everyone else holds <see cref="View"/>s.
/// </summary>
public abstract class DeviceBuffer(string name, long length) : IDisposable
{
    /// <summary>What the buffer holds, for error messages and the memory table.</summary>
    public string Name { get; } = name;

    /// <summary>Length in elements.</summary>
    public long Length { get; } = length;

    public abstract void Dispose();
}
