namespace LoraCollab.Cli.Reproduce;

/// <summary>
/// From `paper` to `corrected`: one switchable trap after the other in the order of their numbers, then one setting after the other in which the modes differ
/// too; each step with all that came before it, and nothing else.
/// </summary>
internal sealed class BridgePlan(OptionValues given, string scale, string? seeds)
{
    /// <summary>It only decides when is measured: no result changes.</summary>
    private static readonly Trap[] s_withoutEffect = [Trap.EvaluatedAfterOnly];

    /// <summary>Each of one data set, and of its mixed distribution alone.</summary>
    private static readonly Trap[] s_mixed = [Trap.WikiMixedShares, Trap.CodesMixedShares];

    /// <summary>
    /// Options whose defaults differ between the modes without being a trap, and their published values. They stand still while traps are corrected: a
    /// corrected form would
    /// otherwise bring its own temperature, and the step would show both.
    /// </summary>
    private static readonly (string Option, string Published, string Step)[] s_settings =
    [
        ("self", "scored", "self: who counts as one's equal"),
        ("temperature", "weights=1,validation=1,prediction=1", "temperature: those of the corrected forms"),
        ("lr", "2e-3", "lr: chosen anew"),
        ("targets", "all", "targets: attention alone"),
    ];

    /// <exception cref="UserException">--compat or --trap is given: the bridge sets both.</exception>
    public IEnumerable<PlannedRun> Runs(string family)
    {
        if (given.Has("compat") || given.Has("trap"))
            throw new UserException("--bridge goes from --compat paper to corrected by itself; leave --compat and --trap out");
        var preset = Preset.Open(family);
        var chosen = preset.Scale(scale);
        string[] distributions = given["distribution"] is { } one ? [one] : [.. chosen.Distributions];
        return distributions.SelectMany(distribution => Steps(preset, family, distribution));
    }

    private List<PlannedRun> Steps(Preset preset, string family, string distribution)
    {
        string[] corrected = [];
        List<PlannedRun> steps = [.. Step("paper", "paper", 0)];
        foreach (var trap in Traps(preset, distribution))
        {
            corrected = [.. corrected, $"{(int)trap}=corrected"];
            steps.AddRange(Step("paper", $"{(int)trap}: {trap}", 0));
        }
        // The mode itself brings every trap's corrected form, and joins documents by the end of text.
        corrected = [];
        steps.AddRange(Step("corrected", BridgeStatistics.FirstSetting, 0));
        for (int k = 0; k < s_settings.Length; k++)
            if (Varies(preset, distribution, s_settings[k].Option)) steps.AddRange(Step("corrected", s_settings[k].Step, k + 1));
        return steps;

        IEnumerable<PlannedRun> Step(string mode, string name, int settings) =>
            new ReproducePlan(given, scale, seeds).Seeds(preset.Scale(scale))
                .Select(seed => Run(preset, family, distribution, seed, mode, name, corrected, settings));
    }

    private IEnumerable<Trap> Traps(Preset preset, string distribution)
    {
        // Where the preset corrects a trap from the start there is no step.
        string[] set = preset.OptionsFor(scale, distribution, "paper").TryGetValue("trap", out string? text) ? text.Split(' ') : [];
        return Enum.GetValues<Trap>().Where(t => !s_withoutEffect.Contains(t) && !set.Contains($"{(int)t}=corrected")
            && (!s_mixed.Contains(t) || (distribution == "mixed" && preset.MixedTrap == (int)t)));
    }

    /// <summary>An option that the command line or the preset gives is the same at every step.</summary>
    private bool Varies(Preset preset, string distribution, string option) =>
        !given.Has(option) && !preset.OptionsFor(scale, distribution, "corrected").ContainsKey(option);

    /// <param name="settings">How many of <see cref="s_settings"/> are those of `corrected`.</param>
    private PlannedRun Run(Preset preset, string family, string distribution, ulong seed, string mode, string step, string[] corrected, int settings)
    {
        var arguments = new OptionValues(given).Set("compat", mode);
        foreach (var (option, published, _) in s_settings.Skip(settings).Where(s => Varies(preset, distribution, s.Option))) arguments.Set(option, published);
        var run = new ReproducePlan(arguments, scale, seeds).Run(preset, family, distribution, seed);
        if (corrected.Length > 0) run.Set("trap", [.. run.All("trap"), .. corrected]);
        return PlannedRun.Of(run, family, distribution, mode, seed, BridgeStatistics.Over, step);
    }
}
