namespace LoraCollab.Federation.Options;

/// <summary>How scheme 3 measures the distance of two clients' predictions.</summary>
public enum PredictionForm
{
    /// <summary>√JS of the two distributions, each known by its k largest probabilities and an even spread of the rest; mean over positions, in √nats.</summary>
    Js,

    /// <summary>
    /// 1 − the cosine of what two clients' predictions have changed from the frozen base's. √JS is a distance between points of a Hilbert space (Fuglede and Topsøe, 2004), so three
    /// distances make an angle: cos_ij = (D_i + D_j − D_ij)/(2·√(D_i·D_j)), D the mean over positions of JS, D_i to the base. Its scale does not come from the round.
    /// </summary>
    Change,

    /// <summary>Sum over positions of |z_i − z_j| of the raw logits, those outside the own k largest set to 0 (trap 9 = paper); where it is written down it is divided by the number of windows.</summary>
    L1,
}
