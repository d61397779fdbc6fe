namespace LoraCollab.Federation.Strategies;

/// <summary>
/// HeurFedAMP (Huang et al., arXiv:2007.03797): FedAMP with a fixed own weight, ξ_ij = (1 − ξ_ii)·exp(σ·cos_ij) / Σ_h≠i exp(σ·cos_ih). The
/// cosine is that of what was learnt since the first adapter, θ − θ⁰: with one A for all, whole adapters are nearly parallel.
/// </summary>
/// <param name="self">ξ_ii.</param>
/// <param name="sigma">σ.</param>
/// <param name="pull">λ/α of the paper, as in <see cref="FedAmp"/>.</param>
public sealed class HeurFedAmp(double self, double sigma, double pull) : Strategy(Declaration)
{
    private static readonly MethodNumber s_self = new("fedamp_heur.self", 0.5, Least: 0, Most: 1), s_sigma = new("fedamp_heur.sigma", 5, Least: 0),
        s_pull = new("fedamp_heur.pull", 0.01, Least: 0);

    public static StrategyDeclaration Declaration { get; } =
        new("fedamp_heur", c => new HeurFedAmp(c.Number(s_self), c.Number(s_sigma), c.Number(s_pull))) { Numbers = [s_self, s_sigma, s_pull] };

    public override LocalRule Local => new() { KeepsOwn = true, Pull = pull };

    public override TrustScores Score(ITrustRound round)
    {
        double[][] cosines = ParameterSpace.FlatCosines(round.Adapters, round.Initial);
        var scores = ScoreMatrix.Fill(round.Clients, (i, j) => i == j ? self : 0);
        for (int i = 0; i < round.Clients; i++)
        {
            int[] others = [.. Enumerable.Range(0, round.Clients).Where(j => j != i && round.Links(i, j))];
            if (others.Length == 0) continue;
            double[] shares = SoftmaxRow.Of([.. others.Select(j => sigma * cosines[i][j])], temperature: 1);
            foreach (var (j, share) in others.Zip(shares)) scores[i][j] = (1 - self) * share;
        }
        return new TrustScores(scores, TrustNormalisation.Proportional);
    }
}
