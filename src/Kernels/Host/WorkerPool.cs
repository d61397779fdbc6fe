using System.Diagnostics;

namespace LoraCollab.Kernels.Host;

/// <summary>One op's work, cut into parts that may run on different threads. A plain struct of pointers and sizes: running it allocates nothing.</summary>
internal unsafe interface IHostJob
{
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many there are.</param>
    /// <param name="scratch">Memory of this part's thread alone, as much as was asked for.</param>
    void Run(int part, int parts, float* scratch);
}

/// <summary>
/// A lane's threads. They live as long as the lane, spin briefly between two ops and then sleep. The partition of an op is static; who takes which part is not:
/// the caller takes every part that nobody else has begun, so that a thread which the machine is too busy to wake costs nothing. Every part has its own scratch
/// memory, which grows to the largest op and stays.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>
    /// How long a thread looks for the next op before it sleeps: longer than the gap between two ops of a step, shorter than anybody notices.
    /// </summary>
    private static readonly long s_spinTicks = Stopwatch.Frequency / 10_000;

    private const string ScratchName = "scratch of threads";

    private readonly MemoryLedger? _ledger;
    private readonly Worker[] _workers;
    private readonly AlignedMemory[] _scratch;
    private delegate*<void*, int, int, float*, void> _run;
    private void* _job;

    /// <summary>
    /// The op's number · 2³² + its parts · 2¹⁶ + the parts taken so far: one word, so that nobody can take a part of an op that is over.
    /// </summary>
    private long _state;
    private int _pending;
    private volatile bool _stop;

    /// <param name="ledger">Where the scratch memory is entered.</param>
    public WorkerPool(int threads, MemoryLedger? ledger = null)
    {
        _ledger = ledger;
        Threads = threads;
        _scratch = new AlignedMemory[threads];
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            var worker = _workers[i] = new Worker();
            new Thread(() => Loop(worker)) { IsBackground = true, Name = $"kernels {i + 1}" }.Start();
        }
    }

    public int Threads { get; }

    /// <summary>Runs all parts of <paramref name="job"/> and waits for them.</summary>
    /// <param name="job">The work.</param>
    /// <param name="parts">At most <see cref="Threads"/>.</param>
    /// <param name="scratch">Elements of scratch memory every part wants.</param>
    public void Run<TJob>(ref TJob job, int parts, long scratch) where TJob : unmanaged, IHostJob
    {
        for (int i = 0; i < parts; i++)
        {
            if (_scratch[i].Elements >= scratch) continue;
            _ledger?.Resize(ScratchName, _scratch[i].Bytes, scratch * sizeof(float));
            _scratch[i].Free();
            _scratch[i] = new AlignedMemory(scratch);
        }
        if (parts <= 1)
        {
            job.Run(0, 1, _scratch[0].Pointer);
            return;
        }
        fixed (TJob* pointer = &job)
        {
            _run = &Invoke<TJob>;
            _job = pointer;
            _pending = parts;
            Interlocked.Exchange(ref _state, ((_state >> 32) + 1 << 32) | (long)parts << 16);
            for (int i = 0; i < parts - 1; i++) _workers[i].Wake();
            while (TakePart()) { }
            var wait = new SpinWait();
            while (Volatile.Read(ref _pending) != 0) wait.SpinOnce(-1);
        }
    }

    private static void Invoke<TJob>(void* job, int part, int parts, float* scratch) where TJob : unmanaged, IHostJob =>
        ((TJob*)job)->Run(part, parts, scratch);

    /// <summary>Runs one part that nobody has begun; false where there is none.</summary>
    private bool TakePart()
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int part = (int)(state & 0xFFFF), parts = (int)(state >> 16 & 0xFFFF);
            if (part >= parts) return false;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) != state) continue;
            // The op cannot end before this part does: from here on its fields hold still.
            _run(_job, part, parts, _scratch[part].Pointer);
            Interlocked.Decrement(ref _pending);
            return true;
        }
    }

    private bool HasWork
    {
        get
        {
            long state = Volatile.Read(ref _state);
            return (state & 0xFFFF) < (state >> 16 & 0xFFFF) || _stop;
        }
    }

    private void Loop(Worker worker)
    {
        while (!_stop)
        {
            if (TakePart()) continue;
            long began = Stopwatch.GetTimestamp();
            while (!HasWork && Stopwatch.GetTimestamp() - began < s_spinTicks) Thread.SpinWait(4);
            if (!HasWork) worker.Sleep(this);
        }
    }

    public void Dispose()
    {
        if (_stop) return;
        _stop = true;
        foreach (var worker in _workers) worker.Wake();
        for (int i = 0; i < _scratch.Length; i++)
        {
            _ledger?.Resize(ScratchName, _scratch[i].Bytes, 0);
            _scratch[i].Free();
        }
    }

    /// <summary>One thread's door bell.</summary>
    private sealed class Worker
    {
        private readonly AutoResetEvent _bell = new(false);
        private int _asleep;

        public void Wake()
        {
            if (Interlocked.Exchange(ref _asleep, 0) != 0) _bell.Set();
        }

        public void Sleep(WorkerPool pool)
        {
            Interlocked.Exchange(ref _asleep, 1);
            // Work that came in between has either seen us asleep and rung, or is seen here.
            if (!pool.HasWork || Interlocked.Exchange(ref _asleep, 0) == 0) _bell.WaitOne();
        }
    }
}

/// <summary>Static partition of n elements over parts, in whole grains: as even as it goes, the same for the same numbers.</summary>
internal static class Partition
{
    public static (nint From, nint To) Of(nint n, nint grain, int part, int parts)
    {
        nint grains = (n + grain - 1) / grain;
        nint from = grains * part / parts * grain, to = grains * (part + 1) / parts * grain;
        return (from, Math.Min(to, n));
    }
}
