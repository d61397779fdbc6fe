namespace LoraCollab.Engine.Optim;

/// <summary>The same rate at every step.</summary>
public sealed record ConstantRate(double Rate) : LearningRateSchedule
{
    public override double At(long step) => Rate;
}
