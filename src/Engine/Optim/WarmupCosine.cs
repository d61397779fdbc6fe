namespace LoraCollab.Engine.Optim;

/// <summary>
/// Linear from <c>Maximum/(Warmup + 1)</c> to the maximum over the warm-up, then along a cosine to the minimum at step <c>Steps</c>; the minimum after it.
/// </summary>
public sealed record WarmupCosine(double Maximum, double Minimum, long Warmup, long Steps) : LearningRateSchedule
{
    public override double At(long step)
    {
        if (step < Warmup) return Maximum * (step + 1) / (Warmup + 1);
        return step >= Steps ? Minimum : Cosine(Maximum, Minimum, (double)(step - Warmup) / (Steps - Warmup));
    }
}
