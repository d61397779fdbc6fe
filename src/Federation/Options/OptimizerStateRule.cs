namespace LoraCollab.Federation.Options;

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
