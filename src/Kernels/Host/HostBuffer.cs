using System.Runtime.InteropServices;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// float32 or int32 numbers outside the garbage collector's heap, beginning on a cache line. The memory comes zeroed from the operating system, so that pages
/// nobody writes to cost nothing.
/// </summary>
internal sealed unsafe class HostBuffer : DeviceBuffer
{
    private AlignedMemory _memory;

    public HostBuffer(string name, long length) : base(name, length) => _memory = new AlignedMemory(length);

    public float* Reals => (float*)Pointer;

    public int* Ids => (int*)Pointer;

    private void* Pointer => _memory.Pointer is not null ? _memory.Pointer : throw new ObjectDisposedException(Name);

    ~HostBuffer() => Dispose();

    protected override void Free() => _memory.Free();
}

/// <summary>
/// A zeroed block of 4-byte elements that begins on a cache line; a whole vector may be read from any of them, though what lies past the end means nothing.
/// </summary>
internal unsafe struct AlignedMemory
{
    private const int Line = 64;
    private static long s_heldBytes;
    private void* _block;

    public AlignedMemory(long elements)
    {
        _block = NativeMemory.AllocZeroed(checked((nuint)elements * 4 + 2 * Line));
        Pointer = (float*)(((nuint)_block + Line - 1) & ~(nuint)(Line - 1));
        Elements = elements;
        Interlocked.Add(ref s_heldBytes, elements * 4);
    }

    /// <summary>Bytes that all blocks of the process have together: what no collector's counter sees.</summary>
    public static long HeldBytes => Interlocked.Read(ref s_heldBytes);

    public float* Pointer { get; private set; }

    public long Elements { get; private set; }

    public readonly long Bytes => Elements * sizeof(float);

    public void Free()
    {
        NativeMemory.Free(_block);
        Interlocked.Add(ref s_heldBytes, -Elements * 4);
        this = default;
    }
}
