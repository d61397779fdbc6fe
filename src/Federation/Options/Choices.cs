namespace LoraCollab.Federation.Options;

/// <summary>Which cosine scheme 1 takes.</summary>
public enum WeightsForm
{
    /// <summary>One cosine of the effective updates ΔW = scale·B·A of all targets: the same for every choice of factors with the same product.</summary>
    Update,

    /// <summary>
    /// One cosine for every row of A as (IC, r) and of B as (r, OC), averaged over all rows (trap 4 = paper): nearly all of it is A's rows of r numbers.
    /// </summary>
    RowWise,

    /// <summary>One cosine over all numbers of A and B.</summary>
    Flat,
}

/// <summary>What scheme 1 compares.</summary>
public enum ScoreOn
{
    /// <summary>What was learnt since the last mix.</summary>
    Round,

    /// <summary>The whole adapter.</summary>
    Adapter,
}

/// <summary>What scheme 2 takes the negative of.</summary>
public enum ValidationForm
{
    /// <summary>The mean loss in nats.</summary>
    Loss,

    /// <summary>exp of it (trap 5 = paper): the scale depends on the model, and the softmax is near one-hot.</summary>
    Perplexity,
}

/// <summary>How scheme 3 measures the distance of two clients' predictions.</summary>
public enum PredictionForm
{
    /// <summary>
    /// √JS of the two distributions, each known by its k largest probabilities and an even spread of the rest; mean over positions, in √nats.
    /// </summary>
    Js,

    /// <summary>
    /// 1 − the cosine of what two clients' predictions have changed from the frozen base's. √JS is a distance between points of a Hilbert space (Fuglede
    /// and Topsøe, 2004), so three distances make an angle: cos_ij = (D_i + D_j − D_ij)/(2·√(D_i·D_j)), D the mean over positions of JS, D_i to the
    /// base. Its scale does not come from the round.
    /// </summary>
    Change,

    /// <summary>
    /// Sum over positions of |z_i − z_j| of the raw logits, those outside the own k largest set to 0 (trap 9 = paper); where it is written down it is divided
    /// by
    /// the number of windows.
    /// </summary>
    L1,
}

/// <summary>What becomes of AdamW's moments when a mix moves the parameters.</summary>
public enum OptimizerStateRule
{
    /// <summary>They stay with their client as they are.</summary>
    Keep,

    /// <summary>They begin anew.</summary>
    Reset,

    /// <summary>They are mixed with the same weights as the adapters.</summary>
    Aggregate,
}

/// <summary>Who sends to whom, which decides the bytes in the ledger and nothing else.</summary>
public enum ExchangeModel
{
    /// <summary>Clients send to a server, which mixes where the scheme lets it.</summary>
    Server,

    /// <summary>Every client sends to each of its neighbours.</summary>
    Peers,
}

/// <summary>What becomes of a run in which a client's upload does not pass <see cref="UploadCheck"/>.</summary>
public enum BadUploadRule
{
    /// <summary>It stops, and names the client.</summary>
    Stop,

    /// <summary>It goes on without the client: <see cref="Exclusion"/>.</summary>
    Exclude,
}
