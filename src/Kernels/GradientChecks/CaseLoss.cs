namespace LoraCollab.Kernels.GradientChecks;

/// <summary>The loss of a case as a function of one operand: its forward steps on one backend, and Σ output·gradient.</summary>
internal sealed class CaseLoss : IDisposable
{
    private readonly OpCase _case;
    private readonly ComputeBackend _backend;
    private readonly BoundCase _bound;
    private readonly string _operand;
    private readonly double[] _at;
    private readonly List<double[]?> _weights;

    /// <param name="operand">A name of <see cref="OpCase.Gradients"/>; packed weights are bound as rows, so that they can be written.</param>
    public CaseLoss(OpCase c, ComputeBackend backend, string operand)
    {
        (_case, _backend, _operand) = (c, backend, operand);
        _bound = c.Bind(backend, dense: true);
        _at = _bound.Read(operand);
        _weights = [.. c.Loss.Select(term => term.Gradient is null ? null : _bound.Read(term.Gradient))];
    }

    /// <summary>L(operand + h·eᵢ) − L(operand − h·eᵢ), the difference taken element by element of the outputs.</summary>
    public double Rise(int element, double h)
    {
        var above = Outputs(element, h);
        var below = Outputs(element, -h);
        double rise = 0;
        for (int term = 0; term < above.Count; term++)
            for (int e = 0; e < above[term].Length; e++)
                rise += (above[term][e] - below[term][e]) * (_weights[term]?[e] ?? _case.Loss[term].Constant);
        return rise;
    }

    private List<double[]> Outputs(int element, double shift)
    {
        _bound.Reset();
        _backend.Write(_bound[_operand].Slice(element, 1), [_at[element] + shift]);
        foreach (var step in _case.Steps.Where(s => !s.IsBackward)) _bound.Run(step);
        return [.. _case.Loss.Select(term => _bound.Read(term.Output))];
    }

    public void Dispose() => _bound.Dispose();
}
