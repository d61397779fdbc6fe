namespace LoraCollab.Federation.Exchange;

/// <summary>One line of ledger.jsonl: what a client sent or received in a round.</summary>
/// <param name="Scheme">The scheme that ran.</param>
/// <param name="Iteration">Steps done when it happened.</param>
/// <param name="Client">Whose traffic it is.</param>
/// <param name="Direction">Seen from the client.</param>
/// <param name="Payload">What it was.</param>
/// <param name="Count">How many of them.</param>
/// <param name="Bytes">What they take when serialised, together.</param>
public sealed record LedgerEntry(string Scheme, int Iteration, int Client, Direction Direction, Payload Payload, int Count, long Bytes);

/// <summary>Of traffic, seen from the client.</summary>
public enum Direction
{
    Up,
    Down,
}
