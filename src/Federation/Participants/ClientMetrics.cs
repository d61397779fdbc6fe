namespace LoraCollab.Federation.Participants;

/// <summary>One client in a line of metrics.jsonl.</summary>
/// <param name="Id">The client's number.</param>
/// <param name="Loss">Mean loss in nats a token on its report-validation text, or the part of it that was read.</param>
/// <param name="Perplexity">exp of it.</param>
/// <param name="Accuracy">Share of tokens that were the most likely.</param>
/// <param name="TrainLoss">Mean training loss over the steps since the last evaluation that trained; null where none did.</param>
/// <param name="Drift">‖A − A_0‖ / ‖A_0‖.</param>
/// <param name="Tokens">Tokens that loss and accuracy are means of.</param>
public sealed record ClientMetrics(int Id, double Loss, double Perplexity, double Accuracy, double? TrainLoss, double Drift, long Tokens);
