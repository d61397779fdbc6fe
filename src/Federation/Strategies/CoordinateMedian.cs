namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Coordinate-wise median of the clients' changes (Yin et al., arXiv:1803.01498): the middle value of every number, or the mean of the two middle ones.
/// </summary>
public sealed class CoordinateMedian() : ServerStep(Declaration)
{
    public static StrategyDeclaration Declaration { get; } = new("median", _ => new CoordinateMedian());

    protected override double[] Step(int server, IReadOnlyList<ClientChange> changes) => TrimmedMean.Of(changes, (changes.Count - 1) / 2);
}
