namespace LoraCollab.Federation.Exchange;

/// <summary>An (ε, δ) guarantee that a <see cref="RenyiAccountant"/> found.</summary>
/// <param name="Epsilon">ε; infinite where there is no noise.</param>
/// <param name="Delta">δ, as it was asked for.</param>
/// <param name="Order">The Rényi order α at which ε is least.</param>
public sealed record PrivacyCost(double Epsilon, double Delta, double Order);
