namespace LoraCollab.Report.Plots;

/// <summary>What goes along one arrow of a round picture.</summary>
/// <param name="Lines">What it is, a line each: "1 adapter, 49,152 B".</param>
/// <param name="Bytes">All of it.</param>
public sealed record RoundArrow(IReadOnlyList<string> Lines, double Bytes);
