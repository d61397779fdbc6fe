namespace LoraCollab.Engine.Tests;

public class ScheduleTests
{
    [Fact]
    public void OneCycle_OfTheExperiments_StartsPeaksAndEndsAsPublished()
    {
        var schedule = new OneCycle(2e-3, 500);
        Assert.Equal(2e-5, schedule.At(0), 1e-12);
        Assert.Equal(2e-3, schedule.At(9), 1e-12); // u = 0.02·500 − 1
        Assert.Equal(4e-4, schedule.At(499), 1e-12);
        Assert.Equal(4e-4, schedule.At(600), 1e-12);
        Assert.Equal((2e-5 + 2e-3) / 2, new OneCycle(2e-3, 550).At(5), 1e-12); // half of u = 10: the cosine's middle
    }

    [Theory]
    [InlineData(50)] // pct·S = 1, where the formula divides by zero
    [InlineData(60)]
    [InlineData(10)]
    public void OneCycle_WarmUpShorterThanTwoSteps_PeaksAtStepOne(int steps)
    {
        var schedule = new OneCycle(1, steps);
        Assert.Equal(0.01, schedule.At(0), 1e-12);
        Assert.Equal(1, schedule.At(1), 1e-12);
        Assert.Equal(0.2, schedule.At(steps - 1), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void OneCycle_OneOrTwoSteps_IsFinite(int steps) =>
        Assert.All(Enumerable.Range(0, steps), s => Assert.InRange(new OneCycle(1, steps).At(s), 0.01, 1));

    [Fact]
    public void OneCycle_Straight_RisesAndFallsEvenly()
    {
        var schedule = new OneCycle(1, 101) { Warmup = 0.21, Straight = true }; // u = 20.21
        Assert.Equal(0.01 + 0.99 * 10 / 20.21, schedule.At(10), 1e-12);
        Assert.Equal(1 + (0.2 - 1) * (60 - 20.21) / (100 - 20.21), schedule.At(60), 1e-12);
    }

    [Fact]
    public void WarmupCosine_ItsThreePhases_MeetTheirEnds()
    {
        var schedule = new WarmupCosine(1, 0.1, 9, 109);
        Assert.Equal(0.1, schedule.At(0), 1e-12);
        Assert.Equal(1, schedule.At(9), 1e-12);
        Assert.Equal(0.55, schedule.At(59), 1e-12);
        Assert.Equal(0.1, schedule.At(109), 1e-12);
        Assert.Equal(0.1, schedule.At(500), 1e-12);
    }
}
