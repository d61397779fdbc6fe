namespace LoraCollab.Report.Statistics;

/// <summary>One step of the way from `paper` to `corrected`.</summary>
/// <param name="Set">The runs after it; <see cref="ExperimentSet.Value"/> names the step.</param>
/// <param name="Schemes">What it did to each of them.</param>
public sealed record BridgeStep(ExperimentSet Set, IReadOnlyList<BridgeEffect> Schemes);
