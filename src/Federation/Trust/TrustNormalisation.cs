namespace LoraCollab.Federation.Trust;

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
