namespace LoraCollab.Report;

/// <summary>What noise on uploads protects, in two lines for all schemes that release as often: the noise is the same.</summary>
internal static class PrivacyText
{
    /// <summary>Nothing where there is no noise.</summary>
    public static IEnumerable<string> Of(params IEnumerable<RunSummary> runs)
    {
        foreach (var p in runs.SelectMany(run => run.Schemes.Values).Select(s => s.Privacy).OfType<PrivacyStatement>().Distinct())
        {
            yield return $"Privacy: ε = {Format.Fixed(p.Epsilon)} at δ = {Format.Short(p.Delta)} for a client's {p.Releases} uploads under one scheme "
                + $"(norm {Format.Short(p.Clip)}, noise {Format.Short(p.Noise)} times that):";
            yield return "client level, its whole training text, from all who see its uploads. "
                + "Not covered: losses on its own text that a scheme sends beside them.";
        }
    }
}
