namespace LoraCollab.Engine.Gradients;

/// <summary>One thing a verdict says.</summary>
/// <param name="Tensor">The first tensor it is true of; of a fault of the forward pass a parameter, or the place of the op that wrote it.</param>
/// <param name="Text">For people: what, where, and why where that is known.</param>
public sealed record GradientFinding(GradientFault Fault, string Tensor, string Text)
{
    public bool IsFault => Fault != GradientFault.Initial;

    public override string ToString() => IsFault ? $"FAULT, {Word}: {Text}" : Text;

    private string Word => Fault switch
    {
        GradientFault.NonFinite => "not finite",
        GradientFault.Dead => "dead",
        GradientFault.Vanishing => "vanishing",
        _ => "exploding",
    };
}
