namespace LoraCollab.Federation.Participants;

/// <summary>A client that takes no more part under a scheme: it trains no further and keeps the adapter it had after its last good round.</summary>
/// <param name="Client">Its number.</param>
/// <param name="Round">The aggregation it would have taken part in, from 1.</param>
/// <param name="Iteration">Steps done.</param>
/// <param name="Reason">What was found.</param>
public sealed record Exclusion(int Client, int Round, int Iteration, string Reason);
