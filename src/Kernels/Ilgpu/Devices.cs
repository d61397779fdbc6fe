using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Loader;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>What this machine can compute with.</summary>
public static class Devices
{
    private const string NoCuda = "no CUDA device: the NVIDIA driver (libcuda) is missing, or it sees no GPU";
    private const string NoOpenCL = "no OpenCL device: libOpenCL.so.1 or an installable client driver (such as pocl-opencl-icd) is missing";

    /// <summary>ILGPU asks for libOpenCL.so, which distributions ship with development files only; programs are meant to load libOpenCL.so.1.</summary>
    static Devices() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
        name.Contains("OpenCL", StringComparison.Ordinal) && NativeLibrary.TryLoad("libOpenCL.so.1", out nint library) ? library : 0;

    /// <summary>Every device found, the host first. A kind of which there is none is one entry that says why; never throws.</summary>
    public static IReadOnlyList<DeviceDescription> All()
    {
        var found = new List<DeviceDescription> { Host() };
        found.AddRange(Described(BackendKind.Cuda));
        found.AddRange(Described(BackendKind.OpenCL));
        found.Add(new DeviceDescription(BackendKind.Simulator, "ILGPU's CPU simulator", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, SimulatorWarp, true));
        return found;
    }

    /// <summary>What <c>auto</c> stands for: CUDA where there is a device, else the host.</summary>
    public static BackendKind Auto() => HasCudaDriver() && Described(BackendKind.Cuda).Any(d => d.Capable) ? BackendKind.Cuda : BackendKind.Host;

    /// <summary>Whether CUDA's library is on the machine at all: asking ILGPU takes a hundred times as long.</summary>
    private static bool HasCudaDriver()
    {
        foreach (string name in (ReadOnlySpan<string>)["nvcuda", "libcuda.so.1", "libcuda.so", "cuda"])
        {
            if (!NativeLibrary.TryLoad(name, out nint library)) continue;
            NativeLibrary.Free(library);
            return true;
        }
        return false;
    }

    private static DeviceDescription Host()
    {
        int lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        string name = $"{RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors";
        return new DeviceDescription(BackendKind.Host, name, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, lanes, true);
    }

    private static IEnumerable<DeviceDescription> Described(BackendKind kind)
    {
        string missing = kind == BackendKind.Cuda ? NoCuda : NoOpenCL;
        try
        {
            using var context = Find(kind);
            var found = Of(context, kind).Select(d => Describe(kind, d)).ToList();
            return found.Count > 0 ? found : [new DeviceDescription(kind, "", 0, 0, false, missing)];
        }
        catch (Exception e)
        {
            // A broken driver installation may fail in ways of its own; it must not keep the other devices from being listed.
            return [new DeviceDescription(kind, "", 0, 0, false, $"{missing} ({e.Message})")];
        }
    }

    private static DeviceDescription Describe(BackendKind kind, Device device)
    {
        string reason = WhyNot(device);
        return new DeviceDescription(kind, device.Name, device.MemorySize, device.WarpSize, reason.Length == 0, reason);
    }

    /// <summary>What our kernels miss on a device; empty where they run.</summary>
    private static string WhyNot(Device device) => device switch
    {
        CLDevice { Capabilities.GenericAddressSpace: false } cl =>
            $"{cl.DeviceVersion} without the generic address space (PoCL 6 or later, or a GPU driver, has it)",
        CudaDevice { Architecture: null } => "an architecture that ILGPU does not know",
        _ => "",
    };

    private static Context Find(BackendKind kind, bool profiling = false) => Context.Create(builder =>
    {
        builder.EnableAlgorithms();
        if (profiling) builder.Profiling();
        if (kind == BackendKind.Cuda) builder.Cuda();
        else builder.OpenCL(_ => true);
    });

    private static IEnumerable<Device> Of(Context context, BackendKind kind) =>
        context.Devices.Where(d => kind == BackendKind.Cuda ? d is CudaDevice : d is CLDevice);

    /// <summary>What the first CUDA device runs; null where there is none.</summary>
    internal static (CudaArchitecture, CudaInstructionSet)? CudaTarget()
    {
        if (!HasCudaDriver()) return null;
        using var context = Find(BackendKind.Cuda);
        return Of(context, BackendKind.Cuda).OfType<CudaDevice>().FirstOrDefault(d => d is { Architecture: not null, InstructionSet: not null }) is { } device
            ? (device.Architecture!.Value, device.InstructionSet!.Value) : null;
    }

    // ---- opening ----

    private const int SimulatorWarp = 2;

    /// <exception cref="PlatformNotSupportedException">There is no such device; the message says what is missing.</exception>
    internal static ComputeBackend Open(BackendKind kind, bool profiling = false)
    {
        var context = Find(kind, profiling);
        var device = Of(context, kind).FirstOrDefault(d => WhyNot(d).Length == 0);
        if (device is null)
        {
            context.Dispose();
            throw new PlatformNotSupportedException(Described(kind).First().Reason);
        }
        int group = 1;
        while (group * 2 <= Math.Min(device.MaxNumThreadsPerGroup, Ilgpu.IlgpuBackend.MaxGroup)) group *= 2;
        return new Ilgpu.IlgpuBackend(kind, new Ilgpu.IlgpuDevice(context, device, group, int.MaxValue));
    }

    /// <summary>
    /// The simulator, as small as ILGPU allows: its default of 16 threads per multiprocessor spends its time waiting for them (a launch 1.8 ms, here 0.03;
    /// filling 65,536 elements 78 ms, here 3). With one group of one thread no kernel ever waits at a barrier, and a launch wakes only two threads.
    /// </summary>
    /// <param name="groupSize">More than one only to test what the threads of a group do together: a power of two.</param>
    /// <param name="profiling">Whether its streams take times.</param>
    internal static ComputeBackend OpenSimulator(int groupSize = 1, bool profiling = false)
    {
        var simulated = new CPUDevice(SimulatorWarp, Math.Max(1, groupSize / SimulatorWarp), 1);
        var context = Context.Create(builder =>
        {
            builder.CPU(simulated).EnableAlgorithms();
            if (profiling) builder.Profiling();
        });
        return new Ilgpu.IlgpuBackend(BackendKind.Simulator, new Ilgpu.IlgpuDevice(context, context.Devices[0], groupSize, groupSize == 1 ? 1 : 2));
    }
}

/// <summary>A device that was found, or why one of its kind was not.</summary>
/// <param name="Kind">The backend that would run on it.</param>
/// <param name="Name">The device's own name.</param>
/// <param name="MemoryBytes">Its memory; 0 where unknown.</param>
/// <param name="WarpSize">Threads that run in step; on the host, floats in a vector register.</param>
/// <param name="Capable">Whether our kernels run on it.</param>
/// <param name="Reason">Why not; empty where capable.</param>
public sealed record DeviceDescription(BackendKind Kind, string Name, long MemoryBytes, int WarpSize, bool Capable, string Reason = "");
