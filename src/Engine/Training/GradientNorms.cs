namespace LoraCollab.Engine.Training;

/// <summary>The norm of every tensor of a gradient, measured where it lies: cheap enough to be followed during training.</summary>
public sealed class GradientNorms : IDisposable
{
    private readonly FlatLayout _layout;
    private readonly View _squares;
    private readonly double[] _values;

    /// <param name="layout">The gradient's tensors.</param>
    public GradientNorms(ComputeBackend backend, FlatLayout layout)
    {
        (_layout, _values) = (layout, new double[layout.Entries.Count]);
        _squares = backend.Allocate("gradient norms", _values.Length);
    }

    /// <summary>Norms by tensor, in the order of the layout.</summary>
    /// <param name="gradient">[layout].</param>
    public IReadOnlyList<TensorNorm> Of(ComputeBackend lane, View gradient)
    {
        lane.Scope = "watch";
        for (int t = 0; t < _values.Length; t++) lane.SquaredNorm(_squares.Slice(t, 1), _layout.Of(gradient, _layout.Entries[t].Name));
        lane.Download(_values.AsSpan(), _squares);
        return [.. _layout.Entries.Select((e, t) => new TensorNorm(e.Name, Math.Sqrt(_values[t])))];
    }

    public void Dispose() => _squares.Buffer.Dispose();
}

/// <summary>‖g‖ of one tensor's gradient.</summary>
/// <param name="Name">As in the checkpoint or adapter.</param>
public readonly record struct TensorNorm(string Name, double Norm)
{
    /// <summary>The block a tensor belongs to as h.N, or the tensor itself outside the blocks: wte, wpe, ln_f.</summary>
    public string Place => TensorNames.Layer(Name) is { } layer ? $"h.{layer}" : TensorNames.Short(Name).Split('.')[0];

    /// <summary>√Σ‖g‖²: the norm of all of them together.</summary>
    public static double Of(IEnumerable<TensorNorm> norms) => Math.Sqrt(norms.Sum(n => n.Norm * n.Norm));
}
