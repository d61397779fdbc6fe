namespace LoraCollab.Federation;

/// <summary>The forms of <see cref="SelfScore"/>.</summary>
public enum SelfScoreKind
{
    /// <summary>The best possible value: cosine 1, distance 0.</summary>
    Scored,

    /// <summary>A distance that counts as none is subtracted from all, so that an equal partner ties with oneself: a given one, or the typical distance to the nearest other.</summary>
    Floor,

    /// <summary>
    /// Every row has a floor of its own, a little above its nearest other, but never farther than where less than half of what two clients learnt is shared; for cosine distances.
    /// </summary>
    Nearest,

    /// <summary>A given score.</summary>
    Fixed,
}
