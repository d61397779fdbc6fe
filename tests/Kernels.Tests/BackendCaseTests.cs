using LoraCollab.Kernels.Cases;

namespace LoraCollab.Kernels.Tests;

/// <summary>
/// What every backend must do: agree with the reference on every tiny case, touch nothing beside its operands, and repeat itself bit for bit.
/// A backend's test class derives from this and says which backend.
/// </summary>
public abstract class BackendCaseTests
{
    protected abstract ComputeBackend Backend { get; }

    public static TheoryData<string> TinyCases => [.. OpCases.Tiny.Select(c => c.Name)];

    [Theory, MemberData(nameof(TinyCases))]
    public void TinyCase_AgainstReference_Agrees(string name) => OpCases.Named(name).Check(Backend);

    [Fact]
    public void Lane_OnMemoryOfItsBackend_ComputesTheSame()
    {
        var c = OpCases.Tiny.First();
        using var lane = Backend.CreateLane(1);
        using var bound = c.Bind(Backend);
        using var onLane = c.Bind(lane);
        foreach (var step in c.Steps)
        {
            step.Run(lane, bound);
            step.Run(Backend, onLane);
        }
        lane.Synchronize();
        Backend.Synchronize();
        Assert.Equal(onLane.Read("y"), bound.Read("y"));
        Assert.Equal(onLane.Read("dw"), bound.Read("dw"));
    }
}
