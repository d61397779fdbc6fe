namespace LoraCollab.Engine.Optim;

/// <summary>The learning rate as a function of the step, counted from 0.</summary>
public abstract record LearningRateSchedule
{
    public abstract double At(long step);

    /// <summary>From <paramref name="start"/> to <paramref name="end"/> along half a cosine.</summary>
    private protected static double Cosine(double start, double end, double share) => end + (start - end) / 2 * (1 + Math.Cos(Math.PI * share));

    private protected static double Linear(double start, double end, double share) => start + (end - start) * share;
}

/// <summary>The same rate at every step.</summary>
public sealed record ConstantRate(double Rate) : LearningRateSchedule
{
    public override double At(long step) => Rate;
}

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

/// <summary>
/// OneCycle over S steps (arXiv:1708.07120 in PyTorch's form). With u = pct·S − 1 and e = S − 1: from max/div to max over s/u for s ≤ u, then to
/// max/div/final over (s − u)/(e − u). Where pct·S &lt; 2, u = 1, since the formula divides by zero at pct·S = 1.
/// </summary>
/// <param name="Maximum">Peak rate.</param>
/// <param name="Steps">S; later steps keep the last rate.</param>
public sealed record OneCycle(double Maximum, long Steps) : LearningRateSchedule
{
    /// <summary>Share of the steps that warm up.</summary>
    public double Warmup { get; init; } = 0.02;

    /// <summary>The run starts at max/div.</summary>
    public double Division { get; init; } = 100;

    /// <summary>The run ends at max/div/final.</summary>
    public double FinalDivision { get; init; } = 0.05;

    /// <summary>Straight lines instead of cosines.</summary>
    public bool Straight { get; init; }

    public override double At(long step)
    {
        double u = Warmup * Steps < 2 ? 1 : Warmup * Steps - 1, e = Steps - 1, s = Math.Min(step, e);
        double start = Maximum / Division, end = start / FinalDivision;
        return s <= u ? Between(start, Maximum, s / u) : Between(Maximum, end, (s - u) / (e - u));
    }

    private double Between(double start, double end, double share) => Straight ? Linear(start, end, share) : Cosine(start, end, share);
}
