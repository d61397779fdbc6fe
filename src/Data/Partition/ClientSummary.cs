namespace LoraCollab.Data.Partition;

/// <summary>What a manifest says about one client.</summary>
/// <param name="Id">0, 1, ...</param>
/// <param name="Name">the name of its file, or client_0, client_1, ...</param>
/// <param name="Shares">the true share of every category among its training tokens; empty where the data has no categories</param>
/// <param name="Train">training text</param>
/// <param name="TrustValidation">text to judge others by</param>
/// <param name="ReportValidation">text to report on</param>
public sealed record ClientSummary(int Id, string Name, IReadOnlyList<double> Shares, SplitSummary Train, SplitSummary TrustValidation, SplitSummary ReportValidation);
