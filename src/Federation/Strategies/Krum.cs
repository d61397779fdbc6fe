namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Krum and multi-Krum (Blanchard et al., arXiv:1703.02757): a change's score is the sum of its squared distances to the n − f − 2 nearest others (at least
/// one); the mean of the changes with the least scores is the server's step. Equal scores are taken together, where the paper takes the lowest number, so
/// that the order of the clients does not matter.
/// </summary>
/// <param name="byzantine">f: clients that may send anything; what is proven needs n ≥ 2f + 3.</param>
/// <param name="keep">How many changes are averaged; 1 is Krum.</param>
public sealed class Krum(int byzantine, int keep) : ServerStep(Declaration)
{
    private static readonly MethodNumber s_byzantine = new("krum.byzantine", 1, Least: 0, MethodNumber.MostClients, Whole: true),
        s_keep = new("krum.keep", 1, Least: 1, MethodNumber.MostClients, Whole: true);

    public static StrategyDeclaration Declaration { get; } =
        new("krum", c => new Krum((int)c.Number(s_byzantine), (int)c.Number(s_keep))) { Numbers = [s_byzantine, s_keep] };

    protected override double[] Step(int server, IReadOnlyList<ClientChange> changes)
    {
        double[] scores = Scores(changes);
        double last = scores.Order().ElementAt(Math.Min(keep, scores.Length) - 1);
        ClientChange[] kept = [.. changes.Where((_, k) => scores[k] <= last)];
        return Mean([.. kept.Select(c => c with { Weight = 1.0 / kept.Length })]);
    }

    private double[] Scores(IReadOnlyList<ClientChange> changes)
    {
        int n = changes.Count, nearest = Math.Max(1, n - byzantine - 2);
        var distances = SymmetricMatrix.Build(n, diagonal: 0, (i, j) => changes[i].Values.Zip(changes[j].Values, (x, y) => (x - y) * (x - y)).Sum());
        return [.. distances.Select((row, i) => row.Where((_, j) => j != i).Order().Take(nearest).Sum())];
    }
}
