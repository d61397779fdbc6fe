namespace LoraCollab.Report.Plots;

/// <summary>One place of a phase diagram.</summary>
/// <param name="Best">Who is best there; the colour.</param>
/// <param name="Detail">What stands in brackets below, such as which scheme; may be empty.</param>
/// <param name="Margin">By how much, which makes the colour strong.</param>
public sealed record PhasePlace(string Best, string Detail, double Margin);
