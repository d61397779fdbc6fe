namespace LoraCollab.Federation.Options;

/// <summary>Which cosine scheme 1 takes.</summary>
public enum WeightsForm
{
    /// <summary>One cosine of the effective updates ΔW = scale·B·A of all targets: the same for every choice of factors with the same product.</summary>
    Update,

    /// <summary>One cosine for every row of A as (IC, r) and of B as (r, OC), averaged over all rows (trap 4 = paper): nearly all of it is A's rows of r numbers.</summary>
    RowWise,

    /// <summary>One cosine over all numbers of A and B.</summary>
    Flat,
}
