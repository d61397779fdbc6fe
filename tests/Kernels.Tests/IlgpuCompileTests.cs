namespace LoraCollab.Kernels.Tests;

/// <summary>
/// Every kernel is translated for CUDA and OpenCL, which needs no device: what those languages cannot say fails here and not on a user's GPU.
/// </summary>
public sealed class IlgpuCompileTests
{
    public static TheoryData<string> Kernels() => new(KernelCode.Names);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_CompiledForCuda_CallsNothingUnknown(string name)
    {
        string code = KernelCode.Of(name, BackendKind.Cuda);
        Assert.Contains(".entry", code);
        // A method without a translation becomes an external function, which only the driver would miss.
        Assert.DoesNotContain(".extern .func", code);
        Assert.DoesNotContain(".f64", code);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_CompiledForOpenCL_UsesNoDoubles(string name)
    {
        string code = KernelCode.Of(name, BackendKind.OpenCL);
        Assert.Contains("kernel void", code);
        Assert.DoesNotContain("double", code);
    }
}
