using System.Runtime.CompilerServices;

namespace LoraCollab.Kernels.Profiling;

/// <summary>
/// One row for every (op, scope, phase) that was seen, found by the identity of the two strings: ops and scopes are constants. It allocates where a new row no
/// longer fits, never for a row it knows.
/// </summary>
internal sealed class OpTable
{
    private int[] _slots = new int[4096]; // number of the row + 1; 0: free
    private OpSums[] _rows = new OpSums[1024];

    public int Count { get; private set; }

    public ref OpSums this[int row] => ref _rows[row];

    /// <summary>The row's number, a new one at first sight.</summary>
    public int RowOf(string op, string scope, OpPhase phase)
    {
        int mask = _slots.Length - 1;
        for (int slot = Hash(op, scope, phase) & mask; ; slot = (slot + 1) & mask)
        {
            int row = _slots[slot] - 1;
            if (row < 0) return Add(slot, op, scope, phase);
            ref readonly var found = ref _rows[row];
            if (ReferenceEquals(found.Op, op) && ReferenceEquals(found.Scope, scope) && found.Phase == phase) return row;
        }
    }

    private int Add(int slot, string op, string scope, OpPhase phase)
    {
        if (Count == _rows.Length)
        {
            Grow();
            return RowOf(op, scope, phase);
        }
        _rows[Count] = new OpSums(phase, op, scope);
        _slots[slot] = ++Count;
        return Count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref _rows, 2 * _rows.Length);
        _slots = new int[4 * _rows.Length];
        for (int row = 0; row < Count; row++)
        {
            int slot = Hash(_rows[row].Op, _rows[row].Scope, _rows[row].Phase) & (_slots.Length - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = row + 1;
        }
    }

    private static int Hash(string op, string scope, OpPhase phase)
    {
        uint hash = (uint)RuntimeHelpers.GetHashCode(op) * 0x9E3779B1u ^ (uint)RuntimeHelpers.GetHashCode(scope) * 0x85EBCA77u;
        return (int)((hash + (uint)phase * 0xC2B2AE3Du) >> 8);
    }
}

/// <summary>A row of <see cref="OpTable"/> while it grows: changed in place, since a copy of it would cost as much as the call that is counted.</summary>
internal struct OpSums(OpPhase phase, string op, string scope)
{
    private long _count, _ticks, _least = long.MaxValue, _most, _flops, _bytes;

    public readonly OpPhase Phase => phase;
    public readonly string Op => op;
    public readonly string Scope => scope;

    public readonly OpTotal Total => new(phase, op, scope, _count, _ticks, _least, _most, _flops, _bytes);

    public void Work(long flops, long bytes)
    {
        _flops += flops;
        _bytes += bytes;
    }

    public void Took(long ticks)
    {
        _count++;
        _ticks += ticks;
        _least = Math.Min(_least, ticks);
        _most = Math.Max(_most, ticks);
    }
}
