namespace LoraCollab.Federation.Options;

/// <summary>The forms of <see cref="SelfScore"/>.</summary>
public enum SelfScoreKind
{
    /// <summary>The best possible value: cosine 1, distance 0.</summary>
    Scored,

    /// <summary>A distance that counts as none is subtracted from all, so that an equal partner ties with oneself: a given one, or the typical distance to the nearest other.</summary>
    Floor,

    /// <summary>
    /// Every row has a floor of its own, 0.05 above its nearest other, but never beyond a limit (0.5, where half of what two clients learnt is shared, unless another is given), and a
    /// scale of its own, how far its mean lies above that floor, at least 0.05. For distances that are 1 − cosine.
    /// </summary>
    Nearest,

    /// <summary>A given score.</summary>
    Fixed,
}
