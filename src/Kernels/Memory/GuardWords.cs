namespace LoraCollab.Kernels.Memory;

/// <summary>
/// Words of a known pattern before and after every buffer: a kernel that writes beyond its buffer changes them. Set as <see cref="MemoryLedger.Guards"/>,
/// it stands around every buffer that a backend and its lanes allocate from then on. Safe for several threads.
/// </summary>
public sealed class GuardWords
{
    /// <summary>Words on each side: a write further out is not seen. A multiple of a cache line, so that buffers begin where they would without.</summary>
    public const int Count = 64;

    private const int IdPattern = unchecked((int)0xDEADBEEF);
    private static readonly double s_pattern = BitConverter.Int32BitsToSingle(IdPattern); // −6.26e18: a number, so that it survives copies
    private static readonly double[] s_reals = [.. Enumerable.Repeat(s_pattern, Count)];
    private static readonly int[] s_ids = [.. Enumerable.Repeat(IdPattern, Count)];

    private readonly Lock _lock = new();
    private readonly List<(DeviceBuffer Buffer, long Length, bool Ids)> _guarded = [];

    /// <summary>Writes the pattern around a view that has <see cref="Count"/> words of its buffer before it and as many after it.</summary>
    internal void Add(IBufferCopies lane, View view)
    {
        lane.Write(new View(view.Buffer, 0, Count), s_reals);
        lane.Write(new View(view.Buffer, Count + view.Length, Count), s_reals);
        lock (_lock) _guarded.Add((view.Buffer, view.Length, false));
    }

    /// <inheritdoc cref="Add(IBufferCopies, View)"/>
    internal void Add(IBufferCopies lane, IntView view)
    {
        lane.Write(new IntView(view.Buffer, 0, Count), s_ids);
        lane.Write(new IntView(view.Buffer, Count + view.Length, Count), s_ids);
        lock (_lock) _guarded.Add((view.Buffer, view.Length, true));
    }

    internal void Remove(DeviceBuffer buffer)
    {
        lock (_lock) _guarded.RemoveAll(g => ReferenceEquals(g.Buffer, buffer));
    }

    /// <summary>
    /// The first guard word that has changed, as "the word 1 after activations is now 3.5"; null where all are whole. Waits for the lane's ops.
    /// </summary>
    public string? FirstBroken(IBufferCopies lane)
    {
        Span<double> reals = stackalloc double[Count];
        Span<int> ids = stackalloc int[Count];
        lock (_lock)
        {
            foreach (var (buffer, length, isIds) in _guarded)
                for (int side = 0; side < 2; side++)
                {
                    long offset = side == 0 ? 0 : Count + length;
                    if (isIds) lane.Download(ids, new IntView(buffer, offset, Count));
                    else lane.Download(reals, new View(buffer, offset, Count));
                    // The nearest word first: before the buffer that is the last.
                    for (int distance = 1; distance <= Count; distance++)
                    {
                        int i = side == 0 ? Count - distance : distance - 1;
                        if (isIds ? ids[i] == IdPattern : reals[i] == s_pattern) continue;
                        double found = isIds ? ids[i] : reals[i];
                        return $"the word {distance} {(side == 0 ? "before" : "after")} the buffer '{buffer.Name}' is now {found}";
                    }
                }
        }
        return null;
    }
}

/// <summary>Copies between the caller's memory and buffers: what a guard word is written and read with.</summary>
public interface IBufferCopies
{
    /// <summary>Copies from the caller's memory; the span may be reused on return.</summary>
    void Write(View destination, ReadOnlySpan<double> source);

    /// <inheritdoc cref="Write(View, ReadOnlySpan{double})"/>
    void Write(IntView destination, ReadOnlySpan<int> source);

    /// <summary>Waits for all ops before it, then copies to the caller's memory.</summary>
    void Download(Span<double> destination, View source);

    /// <inheritdoc cref="Download(Span{double}, View)"/>
    void Download(Span<int> destination, IntView source);
}
