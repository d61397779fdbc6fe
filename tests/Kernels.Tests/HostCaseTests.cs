namespace LoraCollab.Kernels.Tests;

/// <summary>All cases on the host backend.</summary>
public sealed class HostCaseTests : ThreadedBackendCaseTests
{
    private static readonly HostBackend Host = new(2);

    protected override ComputeBackend Backend => Host;

    protected override ComputeBackend WithThreads(int threads) => new HostBackend(threads);
}
