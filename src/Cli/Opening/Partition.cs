namespace LoraCollab.Cli.Opening;

/// <summary>How the options deal a corpus to clients.</summary>
internal static class Partition
{
    /// <summary>A report on many times the text that was trained on would be most of a short run's time.</summary>
    private const int ReportPerTrained = 4, FewestWindows = 8;

    /// <summary>As <see cref="Of(PartitionOptions, OptionValues, ulong, int)"/>, for a run whose clients train on <paramref name="trained"/> tokens in windows
    /// of
    /// <paramref name="window"/>: a short run reports on less by default.</summary>
    public static PartitionOptions Of(PartitionOptions options, OptionValues given, ulong seed, int window, long trained)
    {
        var deal = Of(options, given, seed, window + 1);
        int report = (int)Math.Clamp(ReportPerTrained * trained, FewestWindows * (long)window, Math.Max(deal.ReportTokens, FewestWindows * (long)window));
        return deal with
        {
            ReportTokens = given.Has("report-tokens") ? deal.ReportTokens : report,
            TrustTokens = given.Has("trust-tokens") ? deal.TrustTokens : Math.Max(window + 1, report / 2),
        };
    }

    /// <param name="options">As they were read.</param>
    /// <param name="given">Where no size is given, a corpus that is too small makes them all smaller.</param>
    /// <param name="seed">Of the draw.</param>
    /// <param name="minimum">The shortest split of use: one window.</param>
    public static PartitionOptions Of(PartitionOptions options, OptionValues given, ulong seed, int minimum) => options with
    {
        Seed = seed,
        MinimumTokens = minimum,
        Shrink = !((string[])["train-tokens", "trust-tokens", "report-tokens", "public-tokens"]).Any(given.Has),
    };
}
