using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>One thread takes four elements: they share a Philox block.</summary>
internal sealed partial class IlgpuBackend
{
    protected override void DropoutCore(View y, View x, long n, DropoutMask mask)
    {
        if (n > 0) Launch(DropoutKernel, Each((n + 3) / 4), Device(y), Device(x), new DeviceMask(mask));
    }

    protected override void AddDropoutCore(View y, View x, long n, DropoutMask mask)
    {
        if (n > 0) Launch(AddDropoutKernel, Each((n + 3) / 4), Device(y), Device(x), new DeviceMask(mask));
    }

    private static void DropoutKernel(ArrayView<float> y, ArrayView<float> x, DeviceMask mask)
    {
        int n = (int)x.Length;
        for (int block = FirstItem, stride = ThreadStride; 4L * block < n; block += stride)
        {
            var factors = mask.Factors((uint)block);
            for (int lane = 0; lane < 4; lane++)
            {
                int i = 4 * block + lane;
                if (i < n) y[i] = factors[lane] == 0 ? 0 : x[i] * factors[lane];
            }
        }
    }

    private static void AddDropoutKernel(ArrayView<float> y, ArrayView<float> x, DeviceMask mask)
    {
        int n = (int)x.Length;
        for (int block = FirstItem, stride = ThreadStride; 4L * block < n; block += stride)
        {
            var factors = mask.Factors((uint)block);
            for (int lane = 0; lane < 4; lane++)
            {
                int i = 4 * block + lane;
                if (i < n && factors[lane] != 0) y[i] += x[i] * factors[lane];
            }
        }
    }
}
