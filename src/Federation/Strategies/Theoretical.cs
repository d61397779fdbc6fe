namespace LoraCollab.Federation.Strategies;

/// <summary>
/// The oracle: s_ij = ⟨p_i, p_j⟩ of the clients' true token shares over the categories, rows normalised to 1.
/// </summary>
public sealed class Theoretical() : Strategy(Declaration)
{
    public static StrategyDeclaration Declaration { get; } = new("theoretical",
        c => c.Options.Compat.IsPaper(Trap.OracleTables) ? new PublishedOracle(c.Distribution, c.Categories) : new Theoretical())
    {
        Role = StrategyRole.Oracle,
        Needs = StrategyNeeds.Categories,
        IsExplained = true,
    };

    /// <exception cref="OptionException">The data has no categories.</exception>
    public override TrustScores Score(ITrustRound round) => PlantedStructure.Scores(
        round.Shares ?? throw new OptionException("schemes", Declaration.Name, "the data has no categories to compare clients by; leave theoretical out"));

    public override TrustExplanation Explain(TrustExplanation frame, IExplainedPair pair) => frame with
    {
        Kind = "category",
        Meaning = "⟨p_i, p_j⟩ of the clients' true shares of categories",
        Columns = ["share of i", "share of j"],
        Parts = [.. pair.Shares.Select(s => new TrustPart(s.Category, s.Own * s.Peer, [s.Own, s.Peer])).OrderByDescending(x => x.Contribution)],
    };
}
