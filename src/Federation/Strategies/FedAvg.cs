namespace LoraCollab.Federation.Strategies;

/// <summary>FedAvg (McMahan et al., arXiv:1602.05629): w_ij = 1/N, or in proportion to the clients' training tokens; under a topology the mean over neighbours.</summary>
/// <param name="byTokens">Weigh every client by the training tokens it holds.</param>
/// <param name="name">On the command line.</param>
public sealed class FedAvg(bool byTokens = false, string name = "fedavg") : IStrategy
{
    public string Name => name;

    public Traffic Traffic => Traffic.Adapters;

    public TrustScores Score(ITrustRound round) =>
        new(ScoreMatrix.Fill(round.Clients, (_, j) => byTokens ? round.TrainTokens[j] : 1), TrustNormalisation.Proportional);
}
