using LoraCollab.Cli.Options;
using LoraCollab.Cli.Parsing;
using LoraCollab.Data;

namespace LoraCollab.Cli.Opening;

/// <summary>Reads the options that deal a corpus to clients.</summary>
internal static class Partition
{
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
        };
    }
}
