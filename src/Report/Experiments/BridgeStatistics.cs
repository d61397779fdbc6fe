namespace LoraCollab.Report.Experiments;

/// <summary>
/// From the published code to what it means, one trap after the other: what each step does to every scheme, and whether the ranking survives them all.
/// </summary>
/// <param name="Steps">In the order of the way; the first is `paper`, the last `corrected`.</param>
public sealed record BridgeStatistics(IReadOnlyList<BridgeStep> Steps)
{
    /// <summary>What a cell of the bridge says it varies.</summary>
    public const string Over = "bridge";

    /// <summary>The step after the last trap: from there on settings are changed, not traps.</summary>
    public const string FirstSetting = "documents: joined by the end of text";

    /// <summary>The step after which all traps are corrected and no setting is; the last where there is no other.</summary>
    public int LastTrap => Steps.TakeWhile(s => s.Set.Value != FirstSetting).Count() - 1;

    /// <summary>By mean loss, the best first.</summary>
    public static IReadOnlyList<string> Ranking(BridgeStep step) => [.. step.Schemes.OrderBy(s => s.MeanLoss).Select(s => s.Scheme)];

    /// <summary>
    /// [S]: Kendall's τ between the first step's ranking and that after a step, for every seed: 1 where no pair of schemes changes places, −1 where all do.
    /// </summary>
    public IReadOnlyList<double> Agreement(int step) =>
        [.. Enumerable.Range(0, Steps[0].Set.Seeds.Count).Select(s => Tau(Losses(Steps[0].Set, s), Losses(Steps[step].Set, s)))];

    /// <summary>Pairs of schemes that keep their order by mean loss up to a step, and how many there are.</summary>
    public (int Kept, int All) Pairs(int step)
    {
        int n = Steps[0].Schemes.Count, all = n * (n - 1) / 2;
        return ((int)Math.Round((Tau(MeanLosses(Steps[0]), MeanLosses(Steps[step])) + 1) / 2 * all), all);
    }

    /// <summary>
    /// One bridge for every data set and distribution of an experiment; p values are corrected over its steps and schemes. Steps of
    /// a stopped bridge that have not run for every seed of the first are left out.
    /// </summary>
    public static IReadOnlyList<BridgeStatistics> Of(IReadOnlyList<ExperimentSet> sets) =>
        [.. sets.Where(s => s.Over == Over).GroupBy(s => (s.Set, s.Distribution))
            .Select(steps => Along([.. steps.TakeWhile(s => s.Seeds.SequenceEqual(steps.First().Seeds))]))];

    private static BridgeStatistics Along(ExperimentSet[] sets)
    {
        string[] schemes = [.. sets[0].Schemes];
        BridgeStep[] steps =
            [.. sets.Select((set, k) => new BridgeStep(set, [.. schemes.Select(scheme => Effect(scheme, schemes, set, k == 0 ? null : sets[k - 1]))]))];
        var loss = PairedDifference.Corrected(steps.SelectMany(s => s.Schemes).Select(e => e.Loss));
        var rank = PairedDifference.Corrected(steps.SelectMany(s => s.Schemes).Select(e => e.RankChange));
        return new BridgeStatistics(
            [.. steps.Select(s => s with { Schemes = [.. s.Schemes.Select(e => e with { Loss = loss(e.Loss), RankChange = rank(e.RankChange) })] })]);
    }

    private static BridgeEffect Effect(string scheme, string[] schemes, ExperimentSet set, ExperimentSet? before)
    {
        double[][] losses = set.Losses(scheme), ranks = Ranks(scheme, schemes, set);
        return new BridgeEffect(scheme, HierarchicalBootstrap.Mean(losses), HierarchicalBootstrap.Mean(ranks),
            before is null ? null : PairedDifference.Of(losses, before.Losses(scheme)),
            before is null ? null : PairedDifference.Of(ranks, Ranks(scheme, schemes, before)))
        {
            LossBySeed = [.. losses.Select(seed => seed.Average())],
            RankBySeed = [.. ranks.Select(seed => seed[0])],
        };
    }

    /// <summary>[S][1]: 1 + the schemes with a lower mean loss; equal ones share the middle of their places.</summary>
    private static double[][] Ranks(string scheme, string[] schemes, ExperimentSet set)
    {
        double[][] own = set.Losses(scheme);
        return
        [
            .. own.Select((clients, s) =>
            {
                double mine = clients.Average();
                double[] others = [.. schemes.Where(o => o != scheme).Select(o => set.Losses(o)[s].Average())];
                return new[] { 1 + others.Count(x => x < mine) + others.Count(x => x == mine) / 2.0 };
            }),
        ];
    }

    private static double[] MeanLosses(BridgeStep step) => [.. step.Schemes.Select(e => e.MeanLoss)];

    private double[] Losses(ExperimentSet set, int seed) => [.. Steps[0].Schemes.Select(e => set.Losses(e.Scheme)[seed].Average())];

    private static double Tau(double[] a, double[] b)
    {
        int sum = 0, pairs = 0;
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < i; j++, pairs++) sum += Math.Sign(a[i] - a[j]) * Math.Sign(b[i] - b[j]);
        return pairs == 0 ? 1 : (double)sum / pairs;
    }
}

/// <summary>One step of the way from `paper` to `corrected`.</summary>
/// <param name="Set">The runs after it; <see cref="ExperimentSet.Value"/> names the step.</param>
/// <param name="Schemes">What it did to each of them.</param>
public sealed record BridgeStep(ExperimentSet Set, IReadOnlyList<BridgeEffect> Schemes);

/// <summary>What one step did to one scheme.</summary>
/// <param name="Scheme">Its name.</param>
/// <param name="MeanLoss">Mean over seeds and clients after the step, nats per token.</param>
/// <param name="Rank">Its place by mean loss among the schemes after the step, from 1; mean over seeds.</param>
/// <param name="Loss">Difference of the loss to the step before, on the same seeds and clients; null at the first.</param>
/// <param name="RankChange">Difference of the rank to the step before, on the same seeds; null at the first.</param>
public sealed record BridgeEffect(string Scheme, double MeanLoss, double Rank, PairedDifference? Loss, PairedDifference? RankChange)
{
    /// <summary>[S]: what <see cref="MeanLoss"/> is the mean of.</summary>
    public required IReadOnlyList<double> LossBySeed { get; init; }

    /// <summary>[S]: what <see cref="Rank"/> is the mean of.</summary>
    public required IReadOnlyList<double> RankBySeed { get; init; }
}
