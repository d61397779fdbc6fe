namespace LoraCollab.Federation.Strategies;

/// <summary>Which of a client's texts a model is judged by.</summary>
public enum ClientText
{
    /// <summary>Trust-validation, as scheme 2 reads it.</summary>
    TrustValidation,

    /// <summary>As much of the training text, from its beginning.</summary>
    Training,
}
