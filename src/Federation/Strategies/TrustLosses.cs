namespace LoraCollab.Federation.Strategies;

/// <summary>Losses of every model on every client's trust-validation windows.</summary>
/// <param name="Mean">[N][N]: mean loss in nats a token of model j on client i's windows.</param>
/// <param name="DifferenceError">[N]: median over j ≠ i of the standard error of loss_ij − loss_ii over the windows; null where the windows differ from cell to cell.</param>
public sealed record TrustLosses(double[][] Mean, double[]? DifferenceError);
