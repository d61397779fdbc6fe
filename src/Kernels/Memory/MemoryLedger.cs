namespace LoraCollab.Kernels.Memory;

/// <summary>
/// The account of a device's memory: every buffer, packed weight and workspace of a backend and all its lanes, by name. It costs a dictionary look-up an
/// allocation, and ops allocate nothing, so that it is always on. What the collector holds (arrays of the caller) is not in it. Safe for several threads.
/// </summary>
public sealed class MemoryLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemoryAccount> _accounts = [];
    private long _live, _peak;

    /// <summary>Where set, every buffer allocated from then on stands between guard words; null: none.</summary>
    public GuardWords? Guards { get; set; }

    /// <summary>Bytes held now.</summary>
    public long Live
    {
        get
        {
            lock (_lock) return _live;
        }
    }

    /// <summary>The most bytes that were held at a time.</summary>
    public long Peak
    {
        get
        {
            lock (_lock) return _peak;
        }
    }

    /// <summary>All names, in the order they were first seen; those given back entirely are there with their peak.</summary>
    public IReadOnlyList<MemoryAccount> Accounts()
    {
        lock (_lock) return [.. _accounts.Values];
    }

    internal void Add(string name, long bytes) => Change(name, 1, bytes);

    internal void Remove(string name, long bytes) => Change(name, -1, -bytes);

    /// <summary>A workspace that grew: one buffer in another's place. While it is replaced, both are never held.</summary>
    internal void Resize(string name, long before, long after)
    {
        if (before > 0) Remove(name, before);
        if (after > 0) Add(name, after);
    }

    private void Change(string name, int buffers, long bytes)
    {
        lock (_lock)
        {
            var old = _accounts.TryGetValue(name, out var account) ? account : new MemoryAccount(name, 0, 0, 0, 0);
            _accounts[name] = old with { Buffers = old.Buffers + buffers, Live = old.Live + bytes, Peak = Math.Max(old.Peak, old.Live + bytes) };
            _live += bytes;
            if (_live <= _peak) return;
            _peak = _live;
            foreach (string each in _accounts.Keys) _accounts[each] = _accounts[each] with { AtPeak = _accounts[each].Live };
        }
    }
}

/// <summary>What buffers of one name hold of a device's memory.</summary>
/// <param name="Name">The buffers' name (<see cref="DeviceBuffer.Name"/>), a packed weight's, or a backend's own: "workspace".</param>
/// <param name="Buffers">How many there are now.</param>
/// <param name="Live">Bytes they hold now.</param>
/// <param name="Peak">The most bytes they held at a time.</param>
/// <param name="AtPeak">Bytes they held when all names together held most.</param>
public readonly record struct MemoryAccount(string Name, int Buffers, long Live, long Peak, long AtPeak);
