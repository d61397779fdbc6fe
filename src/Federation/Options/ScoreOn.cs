namespace LoraCollab.Federation.Options;

/// <summary>What scheme 1 compares.</summary>
public enum ScoreOn
{
    /// <summary>What was learnt since the last mix.</summary>
    Round,

    /// <summary>The whole adapter.</summary>
    Adapter,
}
