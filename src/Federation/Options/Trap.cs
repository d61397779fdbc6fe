namespace LoraCollab.Federation.Options;

/// <summary>
/// The places where the published code does something other than the method says, and each mode may choose. The numbers are those of docs/paper.md; what is
/// missing between
/// them cannot be chosen.
/// </summary>
public enum Trap
{
    /// <summary>paper: A ~ U(±1/√r). corrected: A ~ U(±1/√in).</summary>
    LoraInit = 1,

    /// <summary>paper: every client draws its own A. corrected: one shared A.</summary>
    OwnA = 2,

    /// <summary>Scheme 1. paper: cosine row by row, of whole adapters. corrected: one cosine of the effective updates.</summary>
    RowWiseCosine = 4,

    /// <summary>Scheme 2. paper: −perplexity at temperature 1. corrected: −loss.</summary>
    Perplexity = 5,

    /// <summary>Scheme 2. paper: windows drawn anew for every pair. corrected: the same windows for a whole row.</summary>
    WindowsPerCell = 6,

    /// <summary>paper: trust is validated on the text that is reported. corrected: on text of its own.</summary>
    SharedValidation = 7,

    /// <summary>Scheme 3. paper: only the last position of each window. corrected: seeded positions of all.</summary>
    LastPosition = 8,

    /// <summary>
    /// Scheme 3. paper: L1 of raw logits, those outside the largest set to 0. corrected: how far training changed the predictions alike, by Jensen–Shannon.
    /// </summary>
    LogitDistance = 9,

    /// <summary>Scheme 3. paper: −10 times the distances over their row's sum. corrected: over how far the row's mean lies above its nearest.</summary>
    RowNormalised = 10,

    /// <summary>paper: attention dropout of 0.2 stays on in evaluation. corrected: off.</summary>
    EvaluationDropout = 11,

    /// <summary>paper: dropout is 0.2 whatever the option says. corrected: the option.</summary>
    FixedDropout = 12,

    /// <summary>paper: GELU in the erf form. corrected: as the model's configuration says.</summary>
    GeluErf = 13,

    /// <summary>
    /// paper: 12 random batches, drawn with replacement, are the evaluation. corrected: the whole split in fixed order, and a fixed part of it before the last
    /// aggregation.
    /// </summary>
    RandomEvaluation = 18,

    /// <summary>paper: evaluated only after averaging. corrected: before and after.</summary>
    EvaluatedAfterOnly = 19,

    /// <summary>paper: mixed Multi-Wiki gives a client the same language twice. corrected: the true 3/4–1/4 mix.</summary>
    WikiMixedShares = 22,

    /// <summary>paper: the oracle's published tables. corrected: the Gram matrix of the true shares.</summary>
    OracleTables = 23,

    /// <summary>paper: in mixed Codes-Wiki all clients are alike. corrected: by client.</summary>
    CodesMixedShares = 27,

    /// <summary>paper: all seeds share one draw of the data. corrected: the data is drawn by the run's seed.</summary>
    FixedDataSeed = 29,
}
