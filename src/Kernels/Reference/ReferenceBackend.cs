namespace LoraCollab.Kernels.Reference;

/// <summary>
/// Every op as plain loops in double, in the order of its formula: the text to read first, and the oracle every other backend is compared with.
/// One thread, no tricks; the backward pass stands under its forward pass and quotes the line it differentiates.
/// </summary>
public partial class ReferenceBackend : ComputeBackend
{
    public ReferenceBackend()
    {
    }

    private ReferenceBackend(MemoryLedger memory) : base(memory)
    {
    }

    public override BackendKind Kind => BackendKind.Reference;

    public override string Description => "reference, plain loops in double";

    public override int Threads => 1;

    public override int RealBytes => sizeof(double);

    /// <summary>Buffers carry their own memory and ops keep no state, so that a lane is simply another instance.</summary>
    public override ComputeBackend CreateLane(int threads) => new ReferenceBackend(Memory);

    protected override DeviceBuffer AllocateReals(string name, long length) => new RealBuffer(name, length);

    protected override DeviceBuffer AllocateIntegers(string name, long length) => new IdBuffer(name, length);

    public override void Write(View destination, ReadOnlySpan<float> source)
    {
        RequireSize(destination, source.Length, nameof(destination));
        var values = Reals(destination);
        for (int i = 0; i < values.Length; i++) values[i] = source[i];
    }

    public override void Write(View destination, ReadOnlySpan<double> source)
    {
        RequireSize(destination, source.Length, nameof(destination));
        source.CopyTo(Reals(destination));
    }

    public override void Write(IntView destination, ReadOnlySpan<int> source)
    {
        RequireSize(destination, source.Length, nameof(destination));
        source.CopyTo(Ids(destination));
    }

    public override void Download(Span<float> destination, View source)
    {
        RequireSize(source, destination.Length, nameof(source));
        var values = Reals(source);
        for (int i = 0; i < values.Length; i++) destination[i] = (float)values[i];
    }

    public override void Download(Span<double> destination, View source)
    {
        RequireSize(source, destination.Length, nameof(source));
        Reals(source).CopyTo(destination);
    }

    public override void Download(Span<int> destination, IntView source)
    {
        RequireSize(source, destination.Length, nameof(source));
        Ids(source).CopyTo(destination);
    }

    /// <summary>No layout is better than another here: a packed weight is a copy of its own.</summary>
    public override Matrix Pack(string name, ReadOnlySpan<float> values, int ic, int oc, bool transposed = false)
    {
        var copy = Allocate(name, (long)ic * oc);
        Write(copy, values);
        return new DenseMatrix(name, copy, ic, oc, transposed, owned: true);
    }

    public override void Unpack(Span<float> destination, Matrix source, bool transposed = false)
    {
        if (destination.Length != (long)source.IC * source.OC)
            throw new ArgumentException(
                $"{source.Name}: {source.IC} × {source.OC} elements do not fit into a span of {destination.Length}",
                nameof(destination));
        var w = Weight(source);
        for (int i = 0; i < source.IC; i++)
            for (int o = 0; o < source.OC; o++)
                destination[transposed ? o * source.IC + i : i * source.OC + o] = (float)w[i, o];
    }

    public override void Synchronize() { }

    public override void Dispose() { }

    // ---- what the ops read and write through ----

    private static Span<double> Reals(View view)
    {
        if (view.IsEmpty) return [];
        var buffer = view.Buffer as RealBuffer ?? throw new ArgumentException($"{view} does not belong to the reference backend", nameof(view));
        return buffer.Values.AsSpan(checked((int)view.Offset), checked((int)view.Length));
    }

    private static Span<int> Ids(IntView view)
    {
        if (view.IsEmpty) return [];
        var buffer = view.Buffer as IdBuffer ?? throw new ArgumentException($"{view} does not belong to the reference backend", nameof(view));
        return buffer.Values.AsSpan(checked((int)view.Offset), checked((int)view.Length));
    }

    private static Table Table(View view, int columns) => new(Reals(view), columns);

    /// <summary>W as a table [IC, OC], however it lies in memory.</summary>
    private static Table Weight(Matrix w) =>
        w is not DenseMatrix dense ? throw new ArgumentException($"the matrix {w.Name} does not belong to the reference backend", nameof(w))
        : dense.Transposed ? new Table(Reals(dense.Values), 1, w.IC)
        : new Table(Reals(dense.Values), w.OC);

    /// <summary>What dropout multiplies element <paramref name="e"/> by: 0 where it is removed, 1/(1 − p) where it is kept, 1 without dropout.</summary>
    private static double Keep(in DropoutMask mask, long e) =>
        mask.IsNone ? 1 : mask.Keeps(e) ? 1 / (1 - (double)mask.Probability) : 0;

    private static void RequireIds(ReadOnlySpan<int> ids, int smallest, long vocabulary, string argument)
    {
        for (int i = 0; i < ids.Length; i++)
            if (ids[i] < smallest || ids[i] >= vocabulary)
                throw new ArgumentOutOfRangeException(argument, ids[i], $"{argument}[{i}] is {ids[i]}, outside the vocabulary of {vocabulary} tokens");
    }
}
