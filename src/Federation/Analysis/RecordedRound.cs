namespace LoraCollab.Federation.Analysis;

/// <summary>One aggregation of a finished run: what the clients sent, and what they held since the aggregation before.</summary>
public sealed class RecordedRound
{
    internal RecordedRound(TrustLine line, RoundAdapters adapters) => (Line, Adapters) = (line, adapters);

    /// <summary>The line of trust.jsonl.</summary>
    public TrustLine Line { get; }

    internal RoundAdapters Adapters { get; }
}
