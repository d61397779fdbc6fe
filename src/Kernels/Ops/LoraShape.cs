namespace LoraCollab.Kernels.Ops;

/// <summary>Sizes and constants of one low-rank adapter.</summary>
/// <param name="Rows">Rows of the batch, B·T.</param>
/// <param name="IC">Inputs of the adapted weight.</param>
/// <param name="OC">Outputs of the adapted weight.</param>
/// <param name="Rank">r.</param>
/// <param name="Scale">α/r, or α/√r for rsLoRA.</param>
/// <param name="Dropout">Mask on the adapter's input, element m·IC + i; None outside training.</param>
public readonly record struct LoraShape(int Rows, int IC, int OC, int Rank, float Scale, DropoutMask Dropout);
