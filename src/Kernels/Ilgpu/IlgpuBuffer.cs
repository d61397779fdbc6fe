using ILGPU;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>A block of float32 or int32 on an ILGPU device.</summary>
internal sealed class IlgpuBuffer<T>(string name, long length, MemoryBuffer1D<T, Stride1D.Dense> memory) : DeviceBuffer(name, length)
    where T : unmanaged
{
    public ArrayView<T> Memory { get; } = memory.View;

    protected override void Free() => memory.Dispose();
}
