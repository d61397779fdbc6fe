namespace LoraCollab.Federation.Strategies;

/// <summary>What the strategies that are declared make of options: which they refuse, and what they decide where nothing is given.</summary>
internal static class StrategyRules
{
    private static readonly IReadOnlyList<string> s_softmax = StrategyRegistry.NamesOf(d => d.Softmax is not null);

    /// <exception cref="OptionException">Unknown strategies, or options that make no run with one of them.</exception>
    public static void Check(CollaborationOptions o)
    {
        if (o.Schemes.Count == 0) throw new OptionException("schemes", null, "at least one scheme is needed");
        if (o.Schemes.Distinct().Count() != o.Schemes.Count) throw new OptionException("schemes", null, "a scheme is named twice");
        foreach (var d in StrategyRegistry.Of(o))
        {
            void Refuse(string problem) => throw new OptionException("schemes", d.Name, problem);
            if (d.Needs.HasFlag(StrategyNeeds.FullTopology) && o.Topology != "full")
                Refuse($"all its clients must hear one another, under the topology {o.Topology} they do not; leave {d.Name} or the topology out");
            if (d.Needs.HasFlag(StrategyNeeds.SharedA) && o.Compat.IsPaper(Trap.OwnA))
                Refuse($"all clients must share one A, trap 2 = paper gives each its own; leave {d.Name} out, or take trap 2 as corrected");
            if (d.Refuses(o) is { } fault) Refuse(fault);
        }
        foreach (var (option, given) in ((string, PerScheme)[])[("temperature", o.Temperature), ("threshold", o.Threshold)])
            if (given.Names.Except(s_softmax).FirstOrDefault() is { } other)
                throw new OptionException(option, given, $"'{other}' is not one of {string.Join(", ", s_softmax)}");
        foreach (string scheme in s_softmax)
            if (o.Temperature.Of(scheme) is { } temperature && !(temperature > 0))
                throw new OptionException("temperature", temperature, $"expected a number above 0 for {scheme}");
        if (o.Method is { } numbers) MethodNumbers.Check(numbers, o.Schemes);
        if (o.Self is { } self) SelfScore.Of(self, "");
    }

    /// <summary>The temperature of every softmax.</summary>
    /// <param name="o">Their forms are decided.</param>
    /// <exception cref="OptionException">One was given where the published is imposed.</exception>
    public static PerScheme Temperature(CollaborationOptions o)
    {
        foreach (var d in StrategyRegistry.All)
            if (d.Softmax is { Imposing: { } trap } rule && o.Compat.IsPaper(trap) && o.Temperature.Of(d.Name) is { } given && given != rule.Temperature(o))
                throw new OptionException("temperature", FormattableString.Invariant($"{d.Name}={given}"), FormattableString.Invariant(
                    $"trap {(int)trap} = paper imposes {rule.Temperature(o)}; leave the temperature of {d.Name} out, or take the trap as corrected"));
        return o.Temperature.Resolve(s_softmax, scheme => StrategyRegistry.Find(scheme)!.Softmax!.Temperature(o));
    }

    public static PerScheme Threshold(CollaborationOptions o) => o.Threshold.Resolve(s_softmax, _ => null);

    /// <summary>The forms of one's own score: one for all, or NAME=FORM,NAME=FORM.</summary>
    /// <param name="o">Forms of scores are decided.</param>
    /// <exception cref="OptionException">A strategy does not take the form that was given.</exception>
    public static string Self(CollaborationOptions o)
    {
        var forms = StrategyRegistry.All.Where(d => d.Self is not null).Select(d => (d.Name, Form: Of(d.Name, d.Self!).ToString())).ToArray();
        return forms.All(f => f.Form == forms[0].Form) ? forms[0].Form : string.Join(',', forms.Select(f => $"{f.Name}={f.Form}"));

        SelfScore Of(string name, SelfRule rule)
        {
            if (o.Self is null || SelfScore.Of(o.Self, name) is not { } given) return rule.Default(o);
            return rule.Refuses(o, given) is { } fault ? throw new OptionException("self", o.Self, fault) : given;
        }
    }

    /// <summary>The strategies that the data can serve: one that needs categories is left out where there are none.</summary>
    /// <param name="note">Told what is left out.</param>
    /// <exception cref="OptionException">Nothing is left, or there is too little public text.</exception>
    public static CollaborationOptions FittingData(CollaborationOptions o, FederatedData data, Action<string> note)
    {
        const string without = "the data has no categories to compare clients by";
        int window = o.SequenceLength + 1;
        var served = new List<string>();
        foreach (var d in StrategyRegistry.Of(o))
        {
            if (d.Needs.HasFlag(StrategyNeeds.PublicText) && data.Reference.Length < window)
                throw new OptionException("schemes", d.Name, $"the public reference text has {data.Reference.Length} tokens, "
                    + $"fewer than one window of {window}; hold out more, or leave {d.Name} out");
            if (d.Needs.HasFlag(StrategyNeeds.Categories) && data.Manifest.Categories.Count == 0) note($"{d.Name} is left out: {without}");
            else served.Add(d.Name);
        }
        if (served.Count == 0) throw new OptionException("schemes", string.Join(",", o.Schemes), without);
        return served.Count == o.Schemes.Count ? o : o with { Schemes = served };
    }
}
