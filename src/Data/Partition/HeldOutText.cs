namespace LoraCollab.Data.Partition;

/// <summary>One text for training and one for validation.</summary>
/// <param name="Train">[tokens].</param>
/// <param name="Validation">[tokens].</param>
/// <param name="Duplicates">Documents that were to be held out, and were dropped because they stand in the training text too.</param>
public sealed record HeldOutText(int[] Train, int[] Validation, int Duplicates)
{
    public void Deconstruct(out int[] train, out int[] validation) => (train, validation) = (Train, Validation);
}
