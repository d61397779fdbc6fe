namespace LoraCollab.Cli.Controls;

/// <summary>One thing that must come out, seed by seed.</summary>
/// <param name="Text">What is claimed.</param>
/// <param name="Holds">[S].</param>
/// <param name="Difference">The paired difference it is about, in nats; null where it is about trust.</param>
internal sealed record ControlClaim(string Text, bool[] Holds, PairedDifference? Difference)
{
    /// <summary>Nats by which Local and Pooled(all) must be worse than Pooled(category): less, and there is nothing for a scheme to find.</summary>
    private const double PlantedGap = 0.03;

    /// <summary>A scheme that may not be best must come this near in perplexity: 1 %.</summary>
    private static readonly double s_near = Math.Log(1.01);

    private static readonly IReadOnlyList<string> s_schemes = StrategyRegistry.NamesOf(d => d.Role is StrategyRole.Oracle or StrategyRole.Similarity);

    public static IEnumerable<ControlClaim> Of(ControlResult result) => result.Kind.Best is { } best ? BestIs(result, best) : Clustered(result);

    private static IEnumerable<ControlClaim> Clustered(ControlResult result)
    {
        string gap = Format.Fixed(PlantedGap, 2);
        if (result.Has(StrategyRegistry.Solo) && result.Has(ComparatorNames.PooledCategory))
            yield return Pair(result, StrategyRegistry.Solo, ComparatorNames.PooledCategory,
                $"Local is at least {gap} nats worse than Pooled(category)", d => d >= PlantedGap);
        if (result.Has(ComparatorNames.PooledAll) && result.Has(ComparatorNames.PooledCategory))
            yield return Pair(result, ComparatorNames.PooledAll, ComparatorNames.PooledCategory,
                $"Pooled(all) is at least {gap} nats worse than Pooled(category)",
                d => d >= PlantedGap);
        foreach (string scheme in s_schemes.Where(result.Has))
            foreach (string other in new[] { StrategyRegistry.Solo, StrategyRegistry.Mean }.Where(result.Has))
                yield return Pair(result, scheme, other, $"{scheme} beats {other}", d => d < 0);
        foreach (string scheme in result.Runs[0].Trust.Select(t => t.Scheme).Distinct())
            yield return new ControlClaim($"{scheme} trusts peers of its category more than others at every aggregation",
                [.. result.Runs.Select(r => r.Trust.Where(t => t.Scheme == scheme).All(t => t.Says.SameCategory > t.Says.OtherCategory))], null);
    }

    private static IEnumerable<ControlClaim> BestIs(ControlResult result, string best)
    {
        if (!result.Has(best)) yield break;
        foreach (string other in result.Schemes.Where(s => s != best)) yield return Pair(result, best, other, $"{best} is no worse than {other}", d => d <= 0);
        foreach (string scheme in s_schemes.Where(result.Has))
            yield return Pair(result, scheme, best, $"{scheme} is within 1 % of {best}'s perplexity", d => d <= s_near);
    }

    private static ControlClaim Pair(ControlResult result, string name, string reference, string text, Func<double, bool> holds)
    {
        var difference = PairedDifference.Of(result.Losses(name), result.Losses(reference));
        return new ControlClaim(text, [.. difference.BySeed.Select(holds)], difference);
    }
}
