namespace LoraCollab.Federation.Strategies;

/// <summary>
/// The oracle: s_ij = ⟨p_i, p_j⟩ of the clients' true token shares over the categories, rows normalised to 1.
/// </summary>
public sealed class Theoretical : IStrategy
{
    public string Name => "theoretical";

    public Traffic Traffic => Traffic.Adapters;

    /// <exception cref="UserException">The data has no categories.</exception>
    public TrustScores Score(ITrustRound round)
    {
        var shares = round.Shares ?? throw new UserException("--schemes theoretical: the data has no categories to compare clients by; leave theoretical out");
        return new TrustScores(ScoreMatrix.Fill(round.Clients, (i, j) => Dot(shares[i], shares[j])), TrustNormalisation.Proportional);
    }

    /// <summary>[N][N]: the matrix itself, of clients with these token shares under a topology.</summary>
    public static double[][] Matrix(IReadOnlyList<IReadOnlyList<double>> shares, Topology topology) =>
        TrustMatrix.From(new TrustScores(ScoreMatrix.Fill(shares.Count, (i, j) => Dot(shares[i], shares[j])), TrustNormalisation.Proportional), new TrustRule(topology)).ToArray();

    private static double Dot(IReadOnlyList<double> p, IReadOnlyList<double> q)
    {
        double sum = 0;
        for (int k = 0; k < p.Count; k++) sum += p[k] * q[k];
        return sum;
    }
}
