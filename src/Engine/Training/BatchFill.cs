namespace LoraCollab.Engine.Training;

/// <summary>
/// Fills one micro-batch: ids and next tokens, [B, T] each. A pure function of the step and the micro-batch's number, as BatchSampler.Fill is.
/// </summary>
public delegate void BatchFill(long step, int microBatch, Span<int> inputs, Span<int> targets);
