namespace LoraCollab.Kernels.Memory;

/// <summary>
/// A block of numbers on a device. What an element is belongs to the backend: float32 on the host and on GPUs, float64 in the reference
/// backend, int32 for token ids everywhere. Only the backend that made a buffer can look inside; everyone else holds <see cref="View"/>s.
/// </summary>
public abstract class DeviceBuffer(string name, long length) : IDisposable
{
    private MemoryLedger? _ledger;
    private long _bytes;

    /// <summary>What the buffer holds, for error messages and the memory table.</summary>
    public string Name { get; } = name;

    /// <summary>Length in elements.</summary>
    public long Length { get; } = length;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ledger, null) is { } ledger)
        {
            ledger.Guards?.Remove(this);
            ledger.Remove(Name, _bytes);
        }
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back; may be called again.</summary>
    protected abstract void Free();

    /// <summary>Enters the buffer in a ledger, which it leaves when it is disposed.</summary>
    internal void Enter(MemoryLedger ledger, long bytes)
    {
        (_ledger, _bytes) = (ledger, bytes);
        ledger.Add(Name, bytes);
    }
}
