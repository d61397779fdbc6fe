namespace LoraCollab.Kernels.Tests;

/// <summary>All tiny cases on the simulator with groups of four, so that the threads of a group really wait for one another and add up through shared memory.</summary>
public sealed class SimulatorGroupCaseTests : BackendCaseTests
{
    private static readonly Lazy<ComputeBackend> Simulator = new(() => Devices.OpenSimulator(groupSize: 4));

    protected override ComputeBackend Backend => Simulator.Value;
}
