namespace LoraCollab.Report.Profiles;

/// <summary>What profiling itself took.</summary>
/// <param name="WithoutMs">A step without it, the median.</param>
/// <param name="WithMs">A step with it, the median.</param>
/// <param name="Share">The difference over the first.</param>
/// <param name="How">How it was found.</param>
public sealed record ProfileCost(double WithoutMs, double WithMs, double Share, string How);
