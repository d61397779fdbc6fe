namespace LoraCollab.Federation.Strategies;

/// <summary>
/// The oracle's weights as the published experiments had them (trap 23 = paper), one table a data family, told apart by its number of categories. They are used
/// as they stand: in mixed
/// Multi-Wiki the rows with i mod 3 = 1 sum to 25/27, so that adapters shrink by 7.4 % a round.
/// </summary>
/// <param name="distribution">specific, mixed or mixed-paper.</param>
/// <param name="categories">4: AG News, 3: Multi-Wiki, 2: Codes-Wiki.</param>
public sealed class PublishedOracle(string distribution, int categories) : Strategy(Theoretical.Declaration)
{
    private static readonly double[][] WikiMixed = [[5, 3, 1], [1, 5, 3], [3, 1, 5]];

    /// <exception cref="UserException">There is no published table for this data, or it does not fit this number of clients.</exception>
    public override TrustScores Score(ITrustRound round)
    {
        int n = round.Everyone;
        bool? mixed = distribution switch { "mixed" or "mixed-paper" => true, "specific" => false, _ => null };
        var (weight, fits) = (categories, mixed) switch
        {
            (4, true) => ((i, j) => i == j ? 0.75 : i / 2 == j / 2 ? 0.25 : 0, n % 2 == 0),
            (4, false) => ((i, j) => i / 2 == j / 2 ? 4.0 / n : 0, n == 8),
            (3, true) => ((i, j) => WikiMixed[Math.Max(i, j) % 3][Math.Min(i, j) % 3] / (3.0 * n), n % 3 == 0),
            (3, false) => ((i, j) => i % 3 == j % 3 ? 3.0 / n : 0, n % 3 == 0),
            (2, true) => ((i, j) => (i % 2 == j % 2 ? 3 : 1) / (2.0 * n), n % 2 == 0),
            (2, false) => ((i, j) => i % 2 == j % 2 ? 2.0 / n : 0, n % 2 == 0),
            _ => ((Func<int, int, double>)((_, _) => 0), false),
        };
        return fits ? new TrustScores(ScoreMatrix.Fill(round.Clients, (i, j) => weight(round.Ids[i], round.Ids[j])), TrustNormalisation.Verbatim)
            : throw new OptionException("trap", "23=paper",
                $"there is no published oracle for {n} clients, {categories} categories and the distribution {distribution}; leave it as corrected");
    }

    /// <exception cref="UserException">Always.</exception>
    public override TrustExplanation Explain(TrustExplanation frame, IExplainedPair pair) =>
        throw new UserException($"{frame.Scheme} has no explanation under trap 23 = paper: its weights are a published table");
}
