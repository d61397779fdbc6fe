namespace LoraCollab.Kernels.Tests;

/// <summary>All tiny cases on ILGPU's CPU simulator, one thread per group.</summary>
public sealed class SimulatorCaseTests : BackendCaseTests
{
    private static readonly Lazy<ComputeBackend> Simulator = new(() => Backends.Create(BackendKind.Simulator, 1));

    protected override ComputeBackend Backend => Simulator.Value;
}
