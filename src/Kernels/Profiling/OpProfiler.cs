using System.Diagnostics;

namespace LoraCollab.Kernels.Profiling;

/// <summary>
/// Times every op of one lane between <see cref="Start"/> and <see cref="Stop"/>, and the time between ops, phase by phase. While ops run it only sets marks on
/// the lane's clock: the host's, or a device's own events. They are read and added up at each stop, or when the log is full; that time counts for nobody. An op
/// within an op is part of it. A call allocates nothing.
/// </summary>
public sealed class OpProfiler : IOpObserver, IDisposable
{
    private const int LogLength = 1 << 14, EndOfOp = -1, FirstPhase = -2, MarksOfACall = 3, TraceLength = 1 << 18;

    private readonly ComputeBackend _lane;
    private readonly LaneClock _clock;
    private readonly OpTable _table = new();
    private readonly int[] _log = new int[LogLength]; // an op's row, its end, or the phase that begins
    private readonly long[] _times = new long[LogLength];
    private readonly long[] _outside = new long[Enum.GetValues<OpPhase>().Length];
    private readonly List<OpSpan>? _ops;
    private readonly List<PhaseSpan>? _phases;
    private IOpObserver? _before;
    private int _count, _depth;
    private long _missing;

    /// <param name="lane">The lane; others have profilers of their own.</param>
    /// <param name="trace">Keep every call, up to a number, beside the sums.</param>
    public OpProfiler(ComputeBackend lane, bool trace = false)
    {
        (_lane, _clock) = (lane, lane.CreateClock(LogLength));
        if (trace) (_ops, _phases) = (new(TraceLength), []);
    }

    /// <summary>From now on time counts. The lane has no other observer meanwhile.</summary>
    public void Start()
    {
        _lane.Synchronize();
        (_before, _lane.Observer) = (_lane.Observer, this);
        (_count, _depth) = (0, 0);
        Log(FirstPhase - (int)_lane.Phase);
    }

    /// <summary>Waits for the lane and adds up; time stands still until the next start.</summary>
    public void Stop()
    {
        _lane.Synchronize();
        Log(FirstPhase - (int)_lane.Phase);
        AddUp();
        _lane.Observer = _before;
    }

    /// <summary>What was counted until the last stop.</summary>
    public OpProfile Profile()
    {
        var ops = Enumerable.Range(0, _table.Count).Select(row => _table[row].Total).Where(o => o.Count > 0).ToArray();
        return OpProfile.Merge([new OpProfile(1, ops, [.. _outside])]);
    }

    /// <summary>The calls one by one; empty where they were not kept.</summary>
    public LaneTrace Trace() => new([.. _ops ?? []], [.. _phases ?? []], _missing);

    public void Before(in OpCall call)
    {
        if (_depth++ > 0) return;
        if (_count > LogLength - MarksOfACall) BeginAnew();
        int row = _table.RowOf(call.Op, call.Scope, _lane.Phase);
        _table[row].Work(call.Flops, call.Bytes);
        Log(row);
    }

    public void After(in OpCall call)
    {
        if (--_depth == 0) Log(EndOfOp);
    }

    public void Enter(OpPhase phase)
    {
        if (_depth > 0) return;
        if (_count > LogLength - MarksOfACall) BeginAnew();
        Log(FirstPhase - (int)phase);
    }

    public void Dispose() => _clock.Dispose();

    private void Log(int what)
    {
        _log[_count] = what;
        _clock.Mark(_count++);
    }

    /// <summary>The log is full: what it holds is added up, and the clock stands still meanwhile.</summary>
    private void BeginAnew()
    {
        int phase = FirstPhase - (int)_lane.Phase;
        Log(phase);
        AddUp();
        _count = 0;
        Log(phase);
    }

    private void AddUp()
    {
        _clock.Read(_times.AsSpan(0, _count));
        int phase = FirstPhase - _log[0], row = 0;
        long phaseBegan = _times[0];
        for (int i = 1; i < _count; i++)
        {
            int what = _log[i];
            long took = _times[i] - _times[i - 1];
            if (what == EndOfOp) Add(row, _times[i - 1], took);
            else _outside[phase] += took;
            if (what >= 0) row = what;
            if (what > FirstPhase) continue;
            EndPhase(phase, phaseBegan, _times[i]);
            (phase, phaseBegan) = (FirstPhase - what, _times[i]);
        }
    }

    private void Add(int row, long start, long ticks)
    {
        ref var sums = ref _table[row];
        sums.Took(ticks);
        if (_ops is null) return;
        if (_ops.Count < TraceLength) _ops.Add(new OpSpan(sums.Op, sums.Scope, sums.Phase, start, ticks));
        else _missing++;
    }

    private void EndPhase(int phase, long start, long end)
    {
        if (_phases is not null && end > start && _missing == 0) _phases.Add(new PhaseSpan((OpPhase)phase, start, end - start));
    }
}
