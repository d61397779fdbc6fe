namespace LoraCollab.Federation.Strategies;

/// <summary>What two clients give one token at one position: probabilities, or logits in the L1 form.</summary>
/// <param name="Id">The token.</param>
/// <param name="Own">Of the client that judges.</param>
/// <param name="Peer">Of the other.</param>
public readonly record struct TokenMove(int Id, double Own, double Peer);
