namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Norm clipping (Sun et al., arXiv:1911.07963): θ ← θ + Σ_j w_j·Δ_j·min(1, C/‖Δ_j‖). Whoever sends a huge change moves the others no more than
/// somebody with a change of norm C would.
/// </summary>
/// <param name="norm">C; 0: the median norm of the round's changes.</param>
public sealed class NormClip(double norm) : ServerStep(Declaration)
{
    private static readonly MethodNumber s_norm = new("norm_clip.norm", 0, Least: 0);

    public static StrategyDeclaration Declaration { get; } = new("norm_clip", c => new NormClip(c.Number(s_norm))) { Numbers = [s_norm] };

    protected override double[] Step(int server, IReadOnlyList<ClientChange> changes)
    {
        double[] norms = [.. changes.Select(c => Math.Sqrt(DotProduct.Of(c.Values, c.Values)))];
        double most = norm > 0 ? norm : ScoreMatrix.Median(norms);
        return Mean([.. changes.Select((c, k) => norms[k] > most ? c with { Weight = c.Weight * most / norms[k] } : c)]);
    }
}
