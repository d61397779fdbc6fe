using LoraCollab.Cli.Options;
using LoraCollab.Cli.Parsing;
using LoraCollab.Engine;

namespace LoraCollab.Cli.Opening;

/// <summary>Reads the options that give an adapter its form.</summary>
internal static class LoraForm
{
    public static LoraOptions Of(ILoraOptions options)
    {
        var standard = new LoraOptions();
        return new LoraOptions
        {
            Rank = Numbers.Whole("--rank", options.Rank, standard.Rank),
            Alpha = Numbers.Positive("--alpha", options.Alpha, standard.Alpha),
            Dropout = (float)Numbers.Dropout("--lora-dropout", options.LoraDropout, standard.Dropout),
            Targets = Targets(options.Targets) ?? standard.Targets,
        };
    }

    /// <summary>attn or all; null where --targets was not given.</summary>
    public static LoraTargets? Targets(string? text) => Choice.Of<LoraTargets?>("--targets", text, null, ("attn", LoraTargets.Attention), ("all", LoraTargets.All));
}
