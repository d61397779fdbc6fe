namespace LoraCollab.Engine.Optim;

/// <summary>The learning rate as a function of the step, counted from 0.</summary>
public abstract record LearningRateSchedule
{
    public abstract double At(long step);

    /// <summary>From <paramref name="start"/> to <paramref name="end"/> along half a cosine.</summary>
    private protected static double Cosine(double start, double end, double share) => end + (start - end) / 2 * (1 + Math.Cos(Math.PI * share));

    private protected static double Linear(double start, double end, double share) => start + (end - start) * share;
}
