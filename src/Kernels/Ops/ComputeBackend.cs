namespace LoraCollab.Kernels.Ops;

/// <summary>
/// The seam between what a GPT is and how a device computes: memory, and about twenty ops. Each op family stands in its own file under Ops, with the formula,
/// the shapes and the rules; the public op checks its arguments once, tells the observer, and calls the backend's <c>…Core</c>.
/// <para>Shapes are row-major. Letters: B sequences, T positions, C channels, NH heads of HS channels, V tokens, IC inputs, OC outputs, r rank; rows = B·T.
/// Arguments: destinations, sources, sizes, options. Unless said otherwise destinations must not overlap sources.</para>
/// <para>Parameter gradients accumulate (+=); activation gradients overwrite (=), except where an op says it adds to the residual stream.</para>
/// <para>The order of every sum is a function of the shape alone: never of threads, tile remainders or neighbours.</para>
/// <para>A backend is used by one thread at a time; <see cref="CreateLane"/> gives further ones that share its memory.</para>
/// </summary>
public abstract partial class ComputeBackend : IBufferCopies, IDisposable
{
    /// <param name="memory">The ledger of the backend that this one is a lane of; null: its own.</param>
    protected ComputeBackend(MemoryLedger? memory = null) => Memory = memory ?? new MemoryLedger();

    public abstract BackendKind Kind { get; }

    /// <summary>The device's name and what it runs with, for people: "host, 2 threads, AVX-512".</summary>
    public abstract string Description { get; }

    /// <summary>Threads this lane computes with (1 on a GPU).</summary>
    public abstract int Threads { get; }

    /// <summary>Called around every op where set.</summary>
    public IOpObserver? Observer { get; set; }

    /// <summary>Where in the model the next ops are, for observers and messages; constant strings, so that setting it allocates nothing.</summary>
    public string Scope { get; set; } = "";

    /// <summary>The training step the next ops belong to, counted from 0, for observers and messages.</summary>
    public long Step { get; set; }

    /// <summary>What the next ops, and the time between them, are for; the observer is told where it changes.</summary>
    public OpPhase Phase
    {
        get;
        set
        {
            if (field == value) return;
            field = value;
            Observer?.Enter(value);
        }
    }

    /// <summary>Begins a phase; within trust everything is trust.</summary>
    public void Enter(OpPhase phase)
    {
        if (Phase != OpPhase.Trust) Phase = phase;
    }

    /// <summary>A clock of this lane's queue with room for so many marks.</summary>
    internal virtual LaneClock CreateClock(int marks) => new CallerClock(marks);

    /// <summary>A lane: the same device and memory with a workspace and a queue of its own, so that several clients train side by side.</summary>
    /// <param name="threads">Threads the lane may use (ignored on a GPU).</param>
    public abstract ComputeBackend CreateLane(int threads);

    // ---- what runs on the device ----

    /// <summary>The kernels that this backend and its lanes have started, the most frequent first; empty where ops are no kernels.</summary>
    public virtual IReadOnlyList<KernelLaunch> Launches() => [];

    /// <summary>Counts launches from zero again.</summary>
    public virtual void ForgetLaunches() { }

    /// <summary>What the kernels compiled so far take of the device.</summary>
    public virtual IReadOnlyList<KernelResources> Resources() => [];

    /// <summary>The op that began last.</summary>
    private protected string Op { get; private set; } = "";

    // ---- memory ----

    /// <summary>What this backend and its lanes hold of the device's memory.</summary>
    public MemoryLedger Memory { get; }

    /// <summary>Allocates zeroed real numbers.</summary>
    public View Allocate(string name, long length)
    {
        long held = length + 2 * Pad;
        var view = new View(Entered(AllocateReals(name, held), held * RealBytes), Pad, length);
        Memory.Guards?.Add(this, view);
        return view;
    }

    /// <summary>Allocates zeroed token ids.</summary>
    public IntView AllocateInts(string name, long length)
    {
        long held = length + 2 * Pad;
        var view = new IntView(Entered(AllocateIntegers(name, held), held * sizeof(int)), Pad, length);
        Memory.Guards?.Add(this, view);
        return view;
    }

    private int Pad => Memory.Guards is null ? 0 : GuardWords.Count;

    private DeviceBuffer Entered(DeviceBuffer buffer, long bytes)
    {
        buffer.Enter(Memory, bytes);
        return buffer;
    }

    protected abstract DeviceBuffer AllocateReals(string name, long length);

    protected abstract DeviceBuffer AllocateIntegers(string name, long length);

    /// <summary>Bytes of one real number: 4, in the reference backend 8.</summary>
    public virtual int RealBytes => 4;

    /// <summary>Copies from the caller's memory; the span may be reused on return.</summary>
    public abstract void Write(View destination, ReadOnlySpan<float> source);

    /// <inheritdoc cref="Write(View, ReadOnlySpan{float})"/>
    public abstract void Write(View destination, ReadOnlySpan<double> source);

    /// <inheritdoc cref="Write(View, ReadOnlySpan{float})"/>
    public abstract void Write(IntView destination, ReadOnlySpan<int> source);

    /// <summary>Waits for all ops before it, then copies to the caller's memory.</summary>
    public abstract void Download(Span<float> destination, View source);

    /// <inheritdoc cref="Download(Span{float}, View)"/>
    public abstract void Download(Span<double> destination, View source);

    /// <inheritdoc cref="Download(Span{float}, View)"/>
    public abstract void Download(Span<int> destination, IntView source);

    /// <summary>The first element that is NaN or infinite, −1 where all are finite; waits like Download.</summary>
    public virtual long FirstNonFinite(View source)
    {
        var values = new double[Math.Min(source.Length, 1 << 16)];
        for (long from = 0; from < source.Length; from += values.Length)
        {
            var part = values.AsSpan(0, (int)Math.Min(values.Length, source.Length - from));
            Download(part, source.Slice(from, part.Length));
            for (int i = 0; i < part.Length; i++)
                if (!double.IsFinite(part[i])) return from + i;
        }
        return -1;
    }

    /// <summary>Packs a frozen weight: [IC, OC] row-major, or [OC, IC] where <paramref name="transposed"/>. The span may be dropped on return.</summary>
    public abstract Matrix Pack(string name, ReadOnlySpan<float> values, int ic, int oc, bool transposed = false);

    /// <summary>Reads a weight back as [IC, OC] row-major, or [OC, IC] where <paramref name="transposed"/>; waits like Download.</summary>
    public abstract void Unpack(Span<float> destination, Matrix source, bool transposed = false);

    /// <summary>Waits until all ops issued so far are done.</summary>
    public abstract void Synchronize();

    public abstract void Dispose();

    // ---- the checks every public op begins with ----

    private protected static void RequireSize(View view, long length, string argument)
    {
        if (view.Length != length) throw new ArgumentException($"{argument} {view}: expected {length} elements, found {view.Length}", argument);
    }

    private protected static void RequireSize(IntView view, long length, string argument)
    {
        if (view.Length != length) throw new ArgumentException($"{argument} {view}: expected {length} ids, found {view.Length}", argument);
    }

    private protected static void RequireOptional(View view, long length, string argument)
    {
        if (!view.IsEmpty) RequireSize(view, length, argument);
    }

    private protected static void RequireApart(View destination, View source, string argument)
    {
        if (destination.Overlaps(source)) throw new ArgumentException($"{argument} {destination} overlaps {source}, which the op reads", argument);
    }

    private protected static void RequirePositive(long size, string argument)
    {
        if (size <= 0) throw new ArgumentOutOfRangeException(argument, size, $"{argument} must be positive");
    }

    /// <summary>Tells the observer that an op begins; returns what <see cref="End"/> repeats. The operands lie on the op's stack.</summary>
    private OpCall Begin(string op, long flops, View output, ReadOnlySpan<OpOperand> operands, long touchedBytes = 0)
    {
        var call = new OpCall(op, Scope, flops, output, operands, touchedBytes);
        Op = op;
        Observer?.Before(call);
        return call;
    }

    private void End(in OpCall call) => Observer?.After(call);
}
