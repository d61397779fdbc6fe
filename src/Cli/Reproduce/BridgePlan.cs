using LoraCollab.Cli.Collab;
using LoraCollab.Data;
using LoraCollab.Federation;
using LoraCollab.Report.Statistics;

namespace LoraCollab.Cli.Reproduce;

/// <summary>
/// From `paper` to `corrected`, one switchable trap after the other in the order of their numbers, each step with all that came before it; the last step
/// is the mode itself.
/// </summary>
internal sealed class BridgePlan(CollabArguments given, string scale, string? seeds)
{
    /// <summary>Both modes do the same there, or it only decides when is measured: no result changes.</summary>
    private static readonly Trap[] s_withoutEffect = [Trap.SeparateAveraging, Trap.KeptOptimizerState, Trap.WeightDecay, Trap.EvaluatedAfterOnly];

    /// <summary>Each of one data set, and of its mixed distribution alone.</summary>
    private static readonly Trap[] s_mixed = [Trap.WikiMixedShares, Trap.CodesMixedShares];

    /// <exception cref="UserException">--compat or --trap is given: the bridge sets both.</exception>
    public IEnumerable<PlannedRun> Runs(string family)
    {
        if (given.Compat is not null || given.Trap.Any())
            throw new UserException("--bridge goes from --compat paper to corrected by itself; leave --compat and --trap out");
        var preset = Preset.Open(family);
        var chosen = preset.Scale(scale);
        string[] distributions = given.Distribution is { } one ? [one] : [.. chosen.Distributions];
        return distributions.SelectMany(distribution => Steps(preset, family, distribution));
    }

    private IEnumerable<PlannedRun> Steps(Preset preset, string family, string distribution)
    {
        var all = new ReproducePlan(given, scale, seeds).Seeds(preset.Scale(scale));
        string[] corrected = [];
        foreach (var trap in Enum.GetValues<Trap>().Select(t => (Trap?)t).Prepend(null))
        {
            if (trap is { } t)
            {
                if (s_withoutEffect.Contains(t) || (s_mixed.Contains(t) && (distribution != "mixed" || preset.MixedTrap != (int)t))) continue;
                // Where the preset corrects it from the start there is no step.
                if (preset.OptionsFor(scale, distribution, "paper").TryGetValue("trap", out string? set)
                    && set.Split(' ').Contains($"{(int)t}=corrected")) continue;
                corrected = [.. corrected, $"{(int)t}=corrected"];
            }
            foreach (ulong seed in all) yield return Run(preset, family, distribution, seed, "paper", trap is null ? "paper" : $"{(int)trap}: {trap}", corrected);
        }
        foreach (ulong seed in all) yield return Run(preset, family, distribution, seed, "corrected", "corrected (targets, rate, self)", []);
    }

    private PlannedRun Run(Preset preset, string family, string distribution, ulong seed, string mode, string step, string[] corrected)
    {
        var arguments = given.Copy();
        arguments.Compat = mode;
        var run = new ReproducePlan(arguments, scale, seeds).Run(preset, family, distribution, seed);
        run.Trap = [.. run.Trap, .. corrected];
        return PlannedRun.Of(run, family, distribution, mode, seed, BridgeStatistics.Over, step);
    }
}
