namespace LoraCollab.Report.Plots;

/// <summary>One row of an attention picture.</summary>
/// <param name="Name">The model, or what is less what.</param>
/// <param name="Maps">One a column, all of one text.</param>
/// <param name="IsDifference">Values around zero instead of shares.</param>
public sealed record AttentionRow(string Name, IReadOnlyList<AttentionMap> Maps, bool IsDifference = false);
