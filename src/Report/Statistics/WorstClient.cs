namespace LoraCollab.Report.Statistics;

/// <summary>The client that fares worst.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name in the data.</param>
/// <param name="Perplexity">exp of its loss, mean over seeds of the latter.</param>
/// <param name="ToLocal">Its difference to Local in nats, mean over seeds; null where Local did not run.</param>
public sealed record WorstClient(int Id, string Name, double Perplexity, double? ToLocal);
