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
/// A lane's threads. They live as long as the lane, spin briefly between two ops and then sleep; the calling thread takes part 0. Every thread has its own scratch
/// memory, which grows to the largest op and stays.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>How long a thread looks for the next op before it sleeps: longer than the gap between two ops of a step, shorter than anybody notices.</summary>
    private static readonly long s_spinTicks = Stopwatch.Frequency / 10_000;

    private readonly Worker[] _workers;
    private readonly AlignedMemory[] _scratch;
    private delegate*<void*, int, int, float*, void> _run;
    private void* _job;
    private int _parts;
    private int _pending;
    private volatile bool _stop;

    public WorkerPool(int threads)
    {
        Threads = threads;
        _scratch = new AlignedMemory[threads];
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            var worker = _workers[i] = new Worker(i + 1);
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
            _parts = parts;
            Volatile.Write(ref _pending, parts - 1);
            for (int i = 0; i < parts - 1; i++) _workers[i].Start();
            job.Run(0, parts, _scratch[0].Pointer);
            var wait = new SpinWait();
            while (Volatile.Read(ref _pending) != 0)
            {
                // Past a few hundred turns somebody else has the core: give it the time slice.
                if (wait.Count < 200) wait.SpinOnce(-1);
                else Thread.Yield();
            }
        }
    }

    private static void Invoke<TJob>(void* job, int part, int parts, float* scratch) where TJob : unmanaged, IHostJob => ((TJob*)job)->Run(part, parts, scratch);

    private void Loop(Worker worker)
    {
        int seen = 0;
        while (true)
        {
            seen = worker.WaitForStart(seen, s_spinTicks);
            if (_stop) return;
            _run(_job, worker.Part, _parts, _scratch[worker.Part].Pointer);
            Interlocked.Decrement(ref _pending);
        }
    }

    public void Dispose()
    {
        if (_stop) return;
        _stop = true;
        foreach (var worker in _workers) worker.Start();
        for (int i = 0; i < _scratch.Length; i++) _scratch[i].Free();
    }

    /// <summary>One thread's door bell.</summary>
    private sealed class Worker(int part)
    {
        private readonly AutoResetEvent _bell = new(false);
        private int _starts;
        private int _asleep;

        public int Part { get; } = part;

        public void Start()
        {
            Interlocked.Increment(ref _starts);
            if (Interlocked.Exchange(ref _asleep, 0) != 0) _bell.Set();
        }

        /// <summary>Returns once the number of starts differs from <paramref name="seen"/>.</summary>
        public int WaitForStart(int seen, long spinTicks)
        {
            long began = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _starts) == seen)
            {
                if (Stopwatch.GetTimestamp() - began < spinTicks)
                {
                    Thread.SpinWait(4);
                    continue;
                }
                Interlocked.Exchange(ref _asleep, 1);
                if (Volatile.Read(ref _starts) == seen) _bell.WaitOne();
                else if (Interlocked.Exchange(ref _asleep, 0) == 0) _bell.WaitOne(); // Start() saw us asleep and has rung
            }
            return Volatile.Read(ref _starts);
        }
    }
}
