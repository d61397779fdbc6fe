namespace LoraCollab.Data.Partition;

/// <summary>The texts of one client, as token ids.</summary>
/// <param name="Name">the name of the client's file, or client_0, client_1, ...</param>
/// <param name="Train">what the adapter learns from</param>
/// <param name="TrustValidation">what the client judges others' adapters by</param>
/// <param name="ReportValidation">what results are reported on; nothing is chosen by it</param>
/// <param name="Shares">the true share of every category among the training tokens; empty where the data has no categories</param>
public sealed record ClientData(string Name, int[] Train, int[] TrustValidation, int[] ReportValidation, double[] Shares)
{
    /// <summary>The documents of the corpus that its texts are made of, ascending; empty where they are not known.</summary>
    public IReadOnlyList<int> Documents { get; init; } = [];
}
