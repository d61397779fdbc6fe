namespace LoraCollab.Kernels.Tests;

/// <summary>All tiny and spanning cases on an OpenCL device, where there is one: scripts/opencl-tests.sh makes one in software.</summary>
public sealed class OpenCLCaseTests : GpuCaseTests
{
    private static readonly Lazy<ComputeBackend> OpenCL = new(() => Backends.Create(BackendKind.OpenCL, 1));

    protected override ComputeBackend Backend => OrSkip(OpenCL);
}
