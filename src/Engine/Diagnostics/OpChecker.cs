namespace LoraCollab.Engine.Diagnostics;

/// <summary>
/// Debug mode: after every op of a lane each written operand is searched for NaN and infinity, the words beside it must be as before
/// unless the op writes them too, and the guard words of all buffers must be whole.
/// The first fault is written to a file and ends the run. It is slow, and made to be.
/// </summary>
public sealed class OpChecker : IOpObserver
{
    /// <summary>Words looked at on each side of a written operand.</summary>
    private const int Beside = 16;

    private readonly ComputeBackend _lane;
    private readonly string _folder;
    private readonly List<(View View, double[] Values)> _neighbours = [];
    private readonly Dictionary<int, double[]> _before = [];

    private OpChecker(ComputeBackend lane, string folder) => (_lane, _folder) = (lane, folder);

    /// <summary>Watches a backend before it has allocated anything; guard words stand around every buffer from now on.</summary>
    /// <param name="folder">Where the operands of a failing op are written, as debug-OP-STEP.safetensors.</param>
    public static void Attach(ComputeBackend backend, string folder)
    {
        backend.Memory.Guards = new GuardWords();
        backend.Observer = new OpChecker(backend, folder);
    }

    /// <inheritdoc/>
    public IOpObserver ForLane(ComputeBackend lane) => new OpChecker(lane, _folder);

    /// <summary>Keeps what the op is about to change, and what it must not change.</summary>
    public void Before(in OpCall call)
    {
        _neighbours.Clear();
        _before.Clear();
        for (int i = 0; i < call.Operands.Length; i++)
        {
            var operand = call.Operands[i];
            if (operand.View.IsEmpty) continue;
            if (operand.Role == OperandRole.Updated || operand.Role == OperandRole.Input && IsWritten(call, operand.View)) _before[i] = Read(operand.View);
            if (operand.Role == OperandRole.Input) continue;
            Keep(call, operand.View, operand.View.Offset - Beside);
            Keep(call, operand.View, operand.View.Offset + operand.View.Length);
        }
    }

    /// <exception cref="OpFaultException">The op made a number that is not finite, or wrote outside its operands.</exception>
    public void After(in OpCall call)
    {
        if (NonFiniteFinder.InOutputs(_lane, call) is { } bad) Fail(call, $"wrote {bad}");
        foreach (var (view, before) in _neighbours)
        {
            var after = Read(view);
            for (int i = 0; i < after.Length; i++)
                if (!after[i].Equals(before[i]))
                    Fail(call, "wrote outside its operands: "
                        + $"element {view.Offset + i} of the buffer '{view.Buffer.Name}' changed from {before[i]} to {after[i]}");
        }
        if (_lane.Memory.Guards?.FirstBroken(_lane) is { } broken) Fail(call, $"wrote outside a buffer: {broken}");
    }

    private void Fail(in OpCall call, string what)
    {
        string file = OpFaultFile.Write(_folder, _lane, call, _before, what);
        throw new OpFaultException($"{call.Op} in {call.Scope} {what}, at step {_lane.Step} (counted from 0); "
            + $"what went into it and came out is in {file}", file);
    }

    /// <summary>Remembers the words of a buffer from <paramref name="offset"/> on that no written operand covers.</summary>
    private void Keep(in OpCall call, View beside, long offset)
    {
        long at = Math.Max(0, offset), end = Math.Min(beside.Buffer.Length, offset + Beside);
        while (at < end)
        {
            long from = at;
            while (at < end && !IsWritten(call, new View(beside.Buffer, at, 1))) at++;
            if (at > from) _neighbours.Add((new View(beside.Buffer, from, at - from), Read(new View(beside.Buffer, from, at - from))));
            at++;
        }
    }

    private static bool IsWritten(in OpCall call, View view)
    {
        foreach (ref readonly var operand in call.Operands)
            if (operand.Role != OperandRole.Input && operand.View.Overlaps(view)) return true;
        return false;
    }

    private double[] Read(View view)
    {
        var values = new double[view.Length];
        _lane.Download(values.AsSpan(), view);
        return values;
    }
}
