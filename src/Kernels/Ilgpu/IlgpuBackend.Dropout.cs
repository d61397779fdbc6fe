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

/// <summary>A <see cref="DropoutMask"/> as kernels want it: everything computed that does not depend on the element.</summary>
internal readonly record struct DeviceMask(uint Threshold, float Scale, uint Step, uint Client, uint Site, uint Key0, uint Key1)
{
    public DeviceMask(DropoutMask mask)
        : this(mask.IsNone ? 0 : mask.Threshold, mask.IsNone ? 1 : mask.Scale, mask.Step, mask.Client, mask.Site, mask.Key0, mask.Key1)
    {
    }

    /// <summary>1/(1 − p) where element <paramref name="e"/> is kept, else 0.</summary>
    public float Factor(long e)
    {
        if (Threshold == 0) return Scale;
        var factors = Factors((uint)(e >> 2));
        uint lane = (uint)e & 3;
        return lane == 0 ? factors.X : lane == 1 ? factors.Y : lane == 2 ? factors.Z : factors.W;
    }

    /// <summary>The factors of the elements 4·block … 4·block + 3.</summary>
    public Float4 Factors(uint block)
    {
        if (Threshold == 0) return new Float4(Scale, Scale, Scale, Scale);
        var (x, y, z, w) = Philox.Words(block, Step, Client, Site, Key0, Key1);
        return new Float4(x < Threshold ? 0 : Scale, y < Threshold ? 0 : Scale, z < Threshold ? 0 : Scale, w < Threshold ? 0 : Scale);
    }
}
