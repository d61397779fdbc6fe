namespace LoraCollab.Engine.Gradients;

/// <summary>
/// Follows one backward pass op by op: the norm of the gradient that comes in, of what the op gave, and of what stood there before. It copies every gradient to
/// the host, so that it is for looking, not for training.
/// </summary>
/// <param name="lane">Where the pass runs.</param>
/// <param name="layers">Blocks of the model.</param>
/// <param name="layout">The parameters' tensors.</param>
/// <param name="gradient">Their gradient [layout], zero when the pass begins.</param>
internal sealed class GradientRecorder(ComputeBackend lane, int layers, FlatLayout layout, View gradient) : IOpObserver
{
    private readonly List<GradientStep> _steps = [];
    private readonly HashSet<string> _written = [];
    private readonly Dictionary<string, double[]> _before = [];
    private IOpObserver? _next;
    private double _incoming;
    private bool _backward;

    /// <summary>The ops of the last pass that was recorded, from the loss down.</summary>
    public IReadOnlyList<GradientStep> Steps => _steps;

    /// <summary>Runs one forward and backward pass under this observer; one that was there before goes on seeing every op, and sees it first.</summary>
    public T Record<T>(Func<T> pass)
    {
        _steps.Clear();
        _written.Clear();
        (_next, _backward) = (lane.Observer, false);
        lane.Observer = this;
        try
        {
            return pass();
        }
        finally
        {
            lane.Observer = _next;
        }
    }

    public void Before(in OpCall call)
    {
        _next?.Before(call);
        if (call.Op == "classifier_backward") (_backward, _incoming) = (true, 1);
        _before.Clear();
        if (!_backward) return;
        foreach (var operand in call.Operands)
        {
            if (IsIncoming(call.Op, operand)) _incoming = GradientStatistics.Of(Read(operand.View), 0).Norm;
            if (IsWritten(call.Op, operand) && operand.Role == OperandRole.Updated && (ParameterOf(operand.View) is not { } name || _written.Contains(name)))
                _before[operand.Name] = Read(operand.View);
        }
    }

    public void After(in OpCall call)
    {
        _next?.After(call);
        if (!_backward) return;
        var writes = new List<GradientWrite>();
        foreach (var operand in call.Operands)
            if (IsWritten(call.Op, operand)) writes.Add(Write(call, operand));
        if (writes.Count == 0) return;
        bool odd = writes.Any(w => w.Own == 0 || !w.After.IsFinite) && _incoming != 0;
        _steps.Add(new GradientStep(call.Op, call.Scope, _incoming, writes, odd ? Suspects(call) : []));
    }

    private GradientWrite Write(in OpCall call, OpOperand operand)
    {
        double[] values = Read(operand.View);
        var after = GradientStatistics.Of(values, operand.Columns);
        var (kind, name) = ParameterOf(operand.View) is { } parameter
            ? (GradientKind.Parameter, parameter) : (GradientKind.Activation, ActivationName.Of(call.Op, call.Scope, layers));
        _written.Add(name);
        if (!_before.TryGetValue(operand.Name, out double[]? before)) return new GradientWrite(name, kind, 0, after.Norm, after);
        double around = GradientStatistics.Of(before, 0).Norm;
        for (int i = 0; i < values.Length; i++) values[i] -= before[i];
        return new GradientWrite(name, kind, around, GradientStatistics.Of(values, 0).Norm, after);
    }

    /// <summary>The gradient an op is given: dy, of the embedding dx, of a dropout's way back its x.</summary>
    private static bool IsIncoming(string op, OpOperand operand) =>
        operand.Role == OperandRole.Input && !operand.View.IsEmpty && (operand.Name[0] == 'd' || (op == "dropout" && operand.Name == "x"));

    private static bool IsWritten(string op, OpOperand operand) => operand.Role is OperandRole.Output or OperandRole.Updated && !operand.View.IsEmpty
        && (operand.Name[0] == 'd' || (op == "dropout" && operand.Name == "y"));

    private string? ParameterOf(View view)
    {
        if (!ReferenceEquals(view.Buffer, gradient.Buffer)) return null;
        long offset = view.Offset - gradient.Offset;
        return layout.Entries.First(e => e.Offset == offset).Name;
    }

    private List<string> Suspects(in OpCall call)
    {
        var found = new List<string>();
        foreach (var operand in call.Operands)
        {
            if (operand.Role != OperandRole.Input || IsIncoming(call.Op, operand)) continue;
            GradientStatistics? statistics = operand.Weight is { } weight ? Of(weight)
                : operand.View.IsEmpty ? null : GradientStatistics.Of(Read(operand.View), 0);
            if (statistics is { IsFinite: false } bad) found.Add($"{operand.Name} has {bad.NonFinite} elements that are NaN or infinite");
            else if (statistics is { IsZero: true }) found.Add($"{operand.Name} is zero");
        }
        return found;
    }

    private GradientStatistics Of(Matrix weight)
    {
        var values = new float[weight.IC * weight.OC];
        lane.Unpack(values, weight);
        return GradientStatistics.Of(Array.ConvertAll(values, v => (double)v), 0);
    }

    private double[] Read(View view)
    {
        var values = new double[view.Length];
        lane.Download(values.AsSpan(), view);
        return values;
    }
}
