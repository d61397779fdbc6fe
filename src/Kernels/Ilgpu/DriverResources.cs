using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>Asks the driver what a compiled kernel takes; ILGPU does not wrap CUDA's cuFuncGetAttribute.</summary>
internal static unsafe class DriverResources
{
    // CUfunction_attribute of cuda.h.
    private const int MaxThreadsPerBlock = 0, SharedSizeBytes = 1, LocalSizeBytes = 3, NumRegs = 4;

    public static KernelResources Of(Accelerator accelerator, LoadedKernel loaded)
    {
        long declared = KernelCode.SharedBytes(loaded.Name);
        switch (KernelUtil.GetKernel(loaded.Launcher))
        {
            case CudaKernel cuda when CudaFunctions.Attribute is not null:
                int? groups = loaded.LargestGroup > 0 ? accelerator.EstimateMaxActiveGroupsPerMultiprocessor(cuda, loaded.LargestGroup, 0) : null;
                return new(loaded.Name, Cuda(cuda, SharedSizeBytes) ?? declared, Cuda(cuda, NumRegs),
                    Cuda(cuda, LocalSizeBytes), Cuda(cuda, MaxThreadsPerBlock), groups);
            case CLKernel cl when accelerator is CLAccelerator device:
                // PoCL tells of no memory that the source itself declares.
                long shared = Math.Max(declared, OpenCL<long>(cl, device, CLKernelWorkGroupInfoType.CL_KERNEL_LOCAL_MEM_SIZE));
                return new(loaded.Name, shared, null,
                    OpenCL<long>(cl, device, CLKernelWorkGroupInfoType.CL_KERNEL_PRIVATE_MEM_SIZE),
                    (int)OpenCL<nint>(cl, device, CLKernelWorkGroupInfoType.CL_KERNEL_WORK_GROUP_SIZE), null);
            default:
                return new(loaded.Name, declared, null, null, null, null);
        }
    }

    private static T OpenCL<T>(CLKernel kernel, CLAccelerator device, CLKernelWorkGroupInfoType what) where T : unmanaged =>
        CLAPI.CurrentAPI.GetKernelWorkGroupInfo<T>(kernel.KernelPtr, device.DeviceId, what);

    private static int? Cuda(CudaKernel kernel, int attribute)
    {
        int value;
        return CudaFunctions.Attribute(&value, attribute, kernel.FunctionPtr) == 0 ? value : null;
    }

    /// <summary>The driver's function, from the library that ILGPU has loaded already.</summary>
    private static class CudaFunctions
    {
        public static readonly delegate* unmanaged<int*, int, nint, int> Attribute = Load();

        private static delegate* unmanaged<int*, int, nint, int> Load()
        {
            foreach (string name in (ReadOnlySpan<string>)["nvcuda", "libcuda.so.1", "libcuda.so", "cuda"])
                if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "cuFuncGetAttribute", out nint function))
                    return (delegate* unmanaged<int*, int, nint, int>)function;
            return null;
        }
    }
}
