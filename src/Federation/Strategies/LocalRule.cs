namespace LoraCollab.Federation.Strategies;

/// <summary>How clients train between two aggregations of a method, and what they do with what they receive.</summary>
public sealed record LocalRule
{
    /// <summary>Plain AdamW steps; what is received replaces the client's adapter.</summary>
    public static LocalRule Plain { get; } = new();

    /// <summary>A keeps its first value and B alone is trained, from the first iteration on: the method shares no iterations with others.</summary>
    public bool FreezeA { get; init; }

    /// <summary>
    /// μ ≥ 0: μ·(θ − θ_received) joins the gradient, the derivative of μ/2·‖θ − θ_received‖². From the first aggregation on: before it all
    /// methods share their iterations.
    /// </summary>
    public double Pull { get; init; }

    /// <summary>What is received is only the point that <see cref="Pull"/> pulls to: the client goes on from its own adapter.</summary>
    public bool KeepsOwn { get; init; }

    /// <summary>
    /// Every client trains two adapters on the same batches from the first aggregation on: a shared one, plain, which is sent and replaced, and its own, pulled
    /// to the shared one last received.
    /// </summary>
    public bool TrainsShared { get; init; }
}
