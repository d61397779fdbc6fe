namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// A float32 sum that carries what rounding lost (Kahan, CACM 8(1), 1965): its error does not grow with the number of terms, which matters where one thread of the
/// simulator, or of a small group, adds up thousands.
/// </summary>
internal readonly struct CompensatedSum(float value, float lost)
{
    public readonly float Value = value;
    private readonly float _lost = lost;

    public CompensatedSum Plus(float term)
    {
        float corrected = term - _lost, sum = Value + corrected;
        return new CompensatedSum(sum, sum - Value - corrected);
    }
}
