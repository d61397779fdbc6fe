namespace LoraCollab.Federation;

/// <summary>The forms of <see cref="SelfScore"/>.</summary>
public enum SelfScoreKind
{
    /// <summary>The best possible value: cosine 1, distance 0.</summary>
    Scored,

    /// <summary>The typical distance to the nearest other is subtracted from all distances, so that an equal partner ties with oneself.</summary>
    Floor,

    /// <summary>A given score.</summary>
    Fixed,
}
