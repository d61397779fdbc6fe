namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedAMP (Huang et al., arXiv:2007.03797): a client keeps its adapter and is pulled to u_i = Σ_j ξ_ij θ_j, ξ_ij = α·A′(‖θ_i − θ_j‖²) for j
/// ≠ i and ξ_ii = 1 − Σ_j≠i ξ_ij, where A(x) = 1 − exp(−x/σ) and so A′(x) = exp(−x/σ)/σ. As distances depend on model and rank, σ is given
/// in mean squared distances of two clients and α in the σ/(N − 1) that keep every row non-negative: ξ_ij = α/(N − 1)·exp(−‖θ_i −
/// θ_j‖²/(σ·mean)).
/// </summary>
/// <param name="alpha">α in (0, 1]: the most that all others together can weigh.</param>
/// <param name="sigma">σ over the mean squared distance.</param>
/// <param name="pull">λ/α of the paper: (λ/2α)·‖θ − u_i‖² joins the loss.</param>
public sealed class FedAmp(double alpha, double sigma, double pull) : Strategy(Declaration)
{
    private static readonly MethodNumber s_alpha = new("fedamp.alpha", 1, Least: 0, Most: 1), s_sigma = new("fedamp.sigma", 1, Least: 1e-6),
        s_pull = new("fedamp.pull", 0.01, Least: 0);

    public static StrategyDeclaration Declaration { get; } =
        new("fedamp", c => new FedAmp(c.Number(s_alpha), c.Number(s_sigma), c.Number(s_pull))) { Numbers = [s_alpha, s_sigma, s_pull] };

    public override LocalRule Local => new() { KeepsOwn = true, Pull = pull };

    public override TrustScores Score(ITrustRound round)
    {
        var squared = SymmetricMatrix.Build(round.Clients, diagonal: 0, (i, j) => ParameterSpace.SquaredDistance(round.Adapters[i], round.Adapters[j]));
        double scale = sigma * ScoreMatrix.MeanOffDiagonal(squared), most = alpha / Math.Max(1, round.Clients - 1);
        var scores = ScoreMatrix.Fill(round.Clients, (i, j) => i == j || !round.Links(i, j) ? 0 : most * (scale == 0 ? 1 : Math.Exp(-squared[i][j] / scale)));
        for (int i = 0; i < round.Clients; i++) scores[i][i] = Math.Max(0, 1 - scores[i].Sum());
        return new TrustScores(scores, TrustNormalisation.Proportional);
    }
}
