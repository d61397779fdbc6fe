namespace LoraCollab.Federation.Strategies;

/// <summary>
/// The best any scheme could do: row i minimises the loss of θ_i = Σ_j w_ij θ_j on client i's trust-validation text over the simplex, with ∂L_i/∂w_ij =
/// ⟨∇_θ L_i, θ_j⟩. It begins at oneself, at equal shares and at the adapter that does best alone; after a few steps the lowest of the three goes on, of
/// equal ones the first. Every peer's adapter travels to every client.
/// </summary>
public sealed class LearnedTrust() : Strategy(Declaration)
{
    private const int FirstSteps = 4, LastSteps = 24;

    /// <summary>Readings of its text that the descent costs a client in a round, about.</summary>
    private const int UsualReadings = 60;

    public static StrategyDeclaration Declaration { get; } = new("learned", _ => new LearnedTrust())
    {
        Role = StrategyRole.Optimum,
        Traffic = Traffic.Adapters | Traffic.PeerAdapters | Traffic.Losses,
        Needs = StrategyNeeds.Gradients,
    };

    public override RoundCost Cost(int clients) => new(UsualReadings, JudgesPeers: true);

    public override TrustScores Score(ITrustRound round)
    {
        var losses = round.ValidationLosses();
        int[] clients = [.. Enumerable.Range(0, round.Clients)];
        var starts = clients.SelectMany(i => Starts(round, losses.Mean[i], i).Select(w => (Client: i, Weights: w))).ToArray();
        var begun = Descend(round, [.. starts.Select(s => s.Client)], [.. starts.Select(s => s.Weights)], FirstSteps);
        double[][] best = [.. clients.Select(i => begun.Where((_, m) => starts[m].Client == i).MinBy(r => r.Value).Weights)];
        double[][] weights = [.. Descend(round, clients, best, LastSteps).Select(r => r.Weights)];
        return new TrustScores(weights, TrustNormalisation.Proportional) { Loss = losses.Mean, LossDifferenceError = losses.DifferenceError };
    }

    private static (double[] Weights, double Value)[] Descend(ITrustRound round, int[] clients, double[][] starts, int steps)
    {
        return SimplexDescent.Minimise(starts, (m, j) => round.Links(clients[m], j), steps,
            asked => round.Losses(Pairs(asked), ClientText.TrustValidation),
            asked => WeightGradients(round, Pairs(asked)));

        (int Client, float[] Model)[] Pairs(IReadOnlyList<(int Problem, double[] Weights)> asked) =>
            [.. asked.Select(a => (clients[a.Problem], AdapterMixer.Mix(round.Adapters, a.Weights)))];
    }

    /// <summary>[M][N]: ⟨∇_θ L, θ_j⟩ of the loss of each client and model beside it.</summary>
    public static double[][] WeightGradients(ITrustRound round, IReadOnlyList<(int Client, float[] Model)> pairs)
    {
        var adapters = round.Adapters.Select(a => Array.ConvertAll(a, x => (double)x)).ToArray();
        return [.. round.Gradients(pairs, ClientText.TrustValidation).Select(g =>
        {
            double[] gradient = Array.ConvertAll(g, x => (double)x);
            return Array.ConvertAll(adapters, a => DotProduct.Of(gradient, a));
        })];
    }

    private static IEnumerable<double[]> Starts(ITrustRound round, double[] losses, int i)
    {
        int n = round.Clients, neighbours = Enumerable.Range(0, n).Count(j => round.Links(i, j));
        int best = Enumerable.Range(0, n).Where(j => round.Links(i, j)).MinBy(j => losses[j]);
        yield return Weights(j => j == i ? 1 : 0);
        if (neighbours == 1) yield break;
        yield return Weights(j => round.Links(i, j) ? 1.0 / neighbours : 0);
        if (best != i) yield return Weights(j => j == best ? 1 : 0);

        double[] Weights(Func<int, double> weight) => [.. Enumerable.Range(0, n).Select(weight)];
    }
}
