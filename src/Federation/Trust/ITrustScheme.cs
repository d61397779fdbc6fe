namespace LoraCollab.Federation;

/// <summary>
/// A way to say how much each client should listen to each other. A scheme returns raw scores; masks, temperature and softmax stand in <see cref="TrustMatrix"/>.
/// A new scheme is one file here and one line in <see cref="TrustSchemes"/>.
/// </summary>
public interface ITrustScheme
{
    /// <summary>Its name on the command line and in files.</summary>
    string Name { get; }

    /// <summary>What travels, which the ledger counts.</summary>
    Exchange Exchange { get; }

    /// <summary>Scores of all pairs from what the round offers.</summary>
    TrustScores Score(ITrustRound round);
}
