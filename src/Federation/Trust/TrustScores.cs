namespace LoraCollab.Federation.Trust;

/// <summary>What a scheme found: one raw score s_ij a pair, the higher the closer, and what it was computed from.</summary>
/// <param name="Values">[N][N]: s_ij, what client i thinks of client j.</param>
/// <param name="Normalisation">How the scores become weights.</param>
public sealed record TrustScores(double[][] Values, TrustNormalisation Normalisation)
{
    /// <summary>
    /// [N][N]: distance of the predictions (scheme 3), of the L1 form the sum of absolute differences a window; 1 − cosine of the weights
    /// (scheme 1) where scores are not the cosines.
    /// </summary>
    public double[][]? Distance { get; init; }

    /// <summary>
    /// What the distances were divided by: their mean over all pairs i ≠ j, less the floor where one is subtracted; of form nearest the mean over rows.
    /// </summary>
    public double? DistanceScale { get; init; }

    /// <summary>[N][N]: mean loss in nats of model j on client i's trust-validation text (scheme 2).</summary>
    public double[][]? Loss { get; init; }

    /// <summary>
    /// [N]: median over j ≠ i of the standard error of loss_ij − loss_ii over windows (scheme 2). A temperature below it turns sampling noise into trust.
    /// </summary>
    public double[]? LossDifferenceError { get; init; }
}

/// <summary>How a scheme's scores become weights.</summary>
public enum TrustNormalisation
{
    /// <summary>w_i· = softmax(s_i· / τ), after topology, threshold and top-k.</summary>
    Softmax,

    /// <summary>w_i· = s_i· / Σ_j s_ij over the neighbours; scores are non-negative, and where all are 0 a client trusts itself alone.</summary>
    Proportional,

    /// <summary>
    /// w = s as it stands. Only for the published oracle table of mixed Multi-Wiki, some of whose rows sum to 25/27 (trap 23 = paper).
    /// </summary>
    Verbatim,
}
