namespace LoraCollab.Federation;

/// <summary>How scheme 3 measures the distance of two clients' predictions.</summary>
public enum PredictionForm
{
    /// <summary>√JS of the two distributions, each known by its k largest probabilities and an even spread of the rest; mean over positions, in √nats.</summary>
    Js,

    /// <summary>Sum over positions of |z_i − z_j| of the raw logits, those outside the own k largest set to 0 (trap 9 = paper); where it is written down it is divided by the number of windows.</summary>
    L1,
}
