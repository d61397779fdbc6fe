namespace LoraCollab.Kernels.Tests;

/// <summary>All tiny and spanning cases on a CUDA device, where there is one.</summary>
public sealed class CudaCaseTests : GpuCaseTests
{
    private static readonly Lazy<ComputeBackend> Cuda = new(() => Backends.Create(BackendKind.Cuda, 1));

    protected override ComputeBackend Backend => OrSkip(Cuda);
}
