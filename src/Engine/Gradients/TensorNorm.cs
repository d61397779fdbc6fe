namespace LoraCollab.Engine.Gradients;

/// <summary>‖g‖ of one tensor's gradient.</summary>
/// <param name="Name">As in the checkpoint or adapter.</param>
public readonly record struct TensorNorm(string Name, double Norm)
{
    /// <summary>The block a tensor belongs to as h.N, or the tensor itself outside the blocks: wte, wpe, ln_f.</summary>
    public string Place =>
        new TensorGradient(Name, GradientKind.Parameter, default).Layer is { } layer ? $"h.{layer}" : TensorGradient.Shorten(Name).Split('.')[0];

    /// <summary>√Σ‖g‖²: the norm of all of them together.</summary>
    public static double Of(IEnumerable<TensorNorm> norms) => Math.Sqrt(norms.Sum(n => n.Norm * n.Norm));
}
