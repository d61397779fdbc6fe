namespace LoraCollab.Kernels.Ilgpu;

/// <summary>Σ exp(score) over scores that come one by one, as Sum·exp(Largest): the largest may grow on the way (Milakov and Gimelshein, arXiv:1805.02867).</summary>
internal readonly struct RunningSum(float largest, float sum)
{
    public readonly float Largest = largest, Sum = sum;

    public static RunningSum None => new(float.NegativeInfinity, 0);

    public RunningSum Plus(float score)
    {
        float above = score > Largest ? score : Largest;
        return new RunningSum(above, Sum * DeviceMath.Exp(Largest - above) + DeviceMath.Exp(score - above));
    }

    /// <summary>The sum relative to another maximum; 0 where no score came.</summary>
    public float At(float largest) => Sum == 0 ? 0 : Sum * DeviceMath.Exp(Largest - largest);
}
