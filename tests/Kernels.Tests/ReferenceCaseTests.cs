namespace LoraCollab.Kernels.Tests;

/// <summary>The reference is the oracle: here it is held to everything but itself, guard words, unchanged inputs and overwritten destinations.</summary>
public sealed class ReferenceCaseTests : BackendCaseTests
{
    protected override ComputeBackend Backend { get; } = Backends.Create(BackendKind.Reference, 1);
}
