using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using LoraCollab.Kernels.Ilgpu;

namespace LoraCollab.Kernels.Tests;

/// <summary>Every kernel is translated for CUDA and OpenCL, which needs no device: what those languages cannot say fails here and not on a user's GPU.</summary>
public sealed class IlgpuCompileTests
{
    public static TheoryData<string> Kernels() => new(typeof(IlgpuBackend)
        .GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
        .Where(m => m.Name.EndsWith("Kernel", StringComparison.Ordinal))
        .Select(m => m.Name));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_CompiledForCuda_CallsNothingUnknown(string name)
    {
        using var context = NewContext();
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_78, null!);
        var kernel = (PTXCompiledKernel)backend.Compile(EntryPoint(name), default);
        Assert.Contains(".entry", kernel.PTXAssembly);
        // A method without a translation becomes an external function, which only the driver would miss.
        Assert.DoesNotContain(".extern .func", kernel.PTXAssembly);
        Assert.DoesNotContain(".f64", kernel.PTXAssembly);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_CompiledForOpenCL_UsesNoDoubles(string name)
    {
        using var context = NewContext();
        using var backend = new CLBackend(context, new CLCapabilityContext(false, false, false, false, true), CLDeviceVendor.Other, new CLCVersion(2, 0));
        var kernel = (CLCompiledKernel)backend.Compile(EntryPoint(name), default);
        Assert.Contains("kernel void", kernel.Source);
        Assert.DoesNotContain("double", kernel.Source);
    }

    private static Context NewContext() => Context.Create(builder => builder.CPU().EnableAlgorithms());

    private static EntryPointDescription EntryPoint(string name) =>
        EntryPointDescription.FromExplicitlyGroupedKernel(typeof(IlgpuBackend).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!);
}
