namespace LoraCollab.Report.Profiles;

/// <summary>One phase of a stored profile.</summary>
/// <param name="Phase">Which.</param>
/// <param name="TotalMs">Its time, all lanes together.</param>
/// <param name="OutsideMs">The part that no op covers.</param>
public sealed record ProfilePhase(OpPhase Phase, double TotalMs, double OutsideMs);
