namespace LoraCollab.Cli.Opening;

/// <summary>Reads the options that deal a corpus to clients.</summary>
internal static class Partition
{
    /// <summary>A report on many times the text that was trained on would be most of a short run's time.</summary>
    private const int ReportPerTrained = 4, FewestWindows = 8;

    /// <summary>As <see cref="Of(IPartitionOptions, ulong, int)"/>, for a run whose clients train on <paramref name="trained"/> tokens in windows of <paramref name="window"/>: a short run reports on less by default.</summary>
    public static PartitionOptions Of(IPartitionOptions options, ulong seed, int window, long trained)
    {
        var deal = Of(options, seed, window + 1);
        int report = (int)Math.Clamp(ReportPerTrained * trained, FewestWindows * (long)window, Math.Max(deal.ReportTokens, FewestWindows * (long)window));
        return deal with
        {
            ReportTokens = options.ReportTokens is null ? report : deal.ReportTokens,
            TrustTokens = options.TrustTokens is null ? Math.Max(window + 1, report / 2) : deal.TrustTokens,
        };
    }

    /// <param name="options">Text of the options.</param>
    /// <param name="seed">Of the draw.</param>
    /// <param name="minimum">The shortest split of use: one window.</param>
    public static PartitionOptions Of(IPartitionOptions options, ulong seed, int minimum)
    {
        var standard = new PartitionOptions();
        return standard with
        {
            Clients = options.Clients is null ? null : Numbers.Whole("--clients", options.Clients, 0),
            Distribution = options.Distribution is null ? standard.Distribution : Distribution.Parse(options.Distribution),
            TrainTokens = Numbers.Whole("--train-tokens", options.TrainTokens, standard.TrainTokens),
            TrustTokens = Numbers.Whole("--trust-tokens", options.TrustTokens, standard.TrustTokens),
            ReportTokens = Numbers.Whole("--report-tokens", options.ReportTokens, standard.ReportTokens),
            ReferenceTokens = Numbers.Whole("--public-tokens", options.PublicTokens, standard.ReferenceTokens, 0),
            Seed = seed,
            MinimumTokens = minimum,
            Shrink = options is { TrainTokens: null, TrustTokens: null, ReportTokens: null, PublicTokens: null },
        };
    }
}
