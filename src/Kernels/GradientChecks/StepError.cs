namespace LoraCollab.Kernels.GradientChecks;

/// <summary>The error of central differences at one step.</summary>
/// <param name="Step">h.</param>
/// <param name="Error">‖difference − gradient‖ / ‖gradient‖ with the forward pass in double.</param>
/// <param name="OwnError">The same with the backend's own forward pass; null where that is in double.</param>
public sealed record StepError(double Step, double Error, double? OwnError);
