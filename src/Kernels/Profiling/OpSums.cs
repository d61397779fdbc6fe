namespace LoraCollab.Kernels.Profiling;

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
