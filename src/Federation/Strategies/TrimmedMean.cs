namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Coordinate-wise trimmed mean of the clients' changes (Yin et al., arXiv:1803.01498): of every number the largest and the smallest ⌊share·n⌋ values are
/// left out, the others averaged evenly.
/// </summary>
/// <param name="share">Of n clients, left out at each end; below 1/2.</param>
public sealed class TrimmedMean(double share) : ServerStep(Declaration)
{
    private static readonly MethodNumber s_share = new("trimmed_mean.share", 0.25, Least: 0, Most: 0.49);

    public static StrategyDeclaration Declaration { get; } = new("trimmed_mean", c => new TrimmedMean(c.Number(s_share))) { Numbers = [s_share] };

    protected override double[] Step(int server, IReadOnlyList<ClientChange> changes) => Of(changes, (int)(share * changes.Count));

    /// <summary>The mean of every number without its <paramref name="trimmed"/> largest and as many smallest values.</summary>
    internal static double[] Of(IReadOnlyList<ClientChange> changes, int trimmed)
    {
        var mean = new double[changes[0].Values.Length];
        var sorted = new double[changes.Count];
        for (int e = 0; e < mean.Length; e++)
        {
            for (int k = 0; k < sorted.Length; k++) sorted[k] = changes[k].Values[e];
            Array.Sort(sorted);
            for (int k = trimmed; k < sorted.Length - trimmed; k++) mean[e] += sorted[k];
            mean[e] /= sorted.Length - 2 * trimmed;
        }
        return mean;
    }
}
