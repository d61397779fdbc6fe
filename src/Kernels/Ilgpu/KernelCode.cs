using System.Reflection;
using System.Text.RegularExpressions;
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

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// What ILGPU makes of a kernel: PTX for CUDA, OpenCL C for OpenCL. Neither needs a device or a driver, so that it can be read anywhere; where there is a CUDA
/// device, the code is the one for its architecture.
/// </summary>
public static partial class KernelCode
{
    private const string Suffix = "Kernel";

    /// <summary>The kernels by name, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(IlgpuBackend).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
        .Select(m => m.Name).Where(n => n.EndsWith(Suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The kernel meant by a name in any case, with or without "Kernel" at its end; null where there is none.</summary>
    public static string? Find(string name) =>
        Names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase) || n.Equals(name + Suffix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The source that ILGPU generates.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="kind">Cuda: PTX; OpenCL: OpenCL C 2.0.</param>
    /// <exception cref="ArgumentException">There is no such kernel; the message lists those there are. Or the kind is neither.</exception>
    public static string Of(string name, BackendKind kind)
    {
        var method = EntryPoint(name);
        if (kind is not (BackendKind.Cuda or BackendKind.OpenCL))
            throw new ArgumentException($"the backend {kind} has no generated code: cuda (PTX) and opencl (OpenCL C) have", nameof(kind));
        using var context = Context.Create(builder => builder.CPU().EnableAlgorithms());
        return kind == BackendKind.Cuda ? Ptx(context, method) : OpenCLC(context, method);
    }

    /// <summary>Bytes of shared memory that a kernel's PTX declares.</summary>
    /// <inheritdoc cref="Of"/>
    public static long SharedBytes(string name) =>
        SharedArray().Matches(Of(name, BackendKind.Cuda)).Sum(m => long.Parse(m.Groups[1].ValueSpan));

    private static EntryPointDescription EntryPoint(string name)
    {
        string known = Find(name) ?? throw new ArgumentException($"no kernel {name}; there are {string.Join(", ", Names)}", nameof(name));
        return EntryPointDescription.FromExplicitlyGroupedKernel(typeof(IlgpuBackend).GetMethod(known, BindingFlags.Static | BindingFlags.NonPublic)!);
    }

    private static string Ptx(Context context, EntryPointDescription method)
    {
        var (architecture, instructions) = Devices.CudaTarget() ?? (CudaArchitecture.SM_90, CudaInstructionSet.ISA_78);
        // The last argument is the path to libdevice, which no kernel here uses.
        using var backend = new PTXBackend(context, architecture, instructions, null!);
        return ((PTXCompiledKernel)backend.Compile(method, default)).PTXAssembly;
    }

    private static string OpenCLC(Context context, EntryPointDescription method)
    {
        var capabilities = new CLCapabilityContext(false, false, false, false, true); // of all extensions the generic address space
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, new CLCVersion(2, 0));
        return ((CLCompiledKernel)backend.Compile(method, default)).Source;
    }

    [GeneratedRegex(@"^\s*\.shared\s[^\[]*\[(\d+)\];", RegexOptions.Multiline)]
    private static partial Regex SharedArray();
}
