using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// Products with few outputs and a long sum, as an adapter's are: one thread an output would leave a GPU idle, so that chunks of the sum are computed side by
/// side and added in their order. The chunks depend on the shape alone.
/// </summary>
internal sealed partial class IlgpuBackend
{
    private const int SplitDepth = 64, SplitOutputs = 32 * 1024;

    /// <summary>C (+)= Σ scale·A·B for an adapter; chunked where that pays.</summary>
    private void ThinProduct(ArrayView<float> c, ArrayView<float> a, ArrayView<float> b, ProductShape s)
    {
        long outputs = (long)s.M * s.N;
        if (_device.GroupSize == 1 || outputs > SplitOutputs || s.K <= SplitDepth)
        {
            Product(c, a, b, Device(default(View)), s);
            return;
        }
        int chunks = (s.K + SplitDepth - 1) / SplitDepth;
        var parts = Scratch(2, chunks * outputs);
        Launch(SplitProductKernel, Each(parts.Length), parts, a, b, s);
        Launch(FoldKernel, Each(outputs), c, parts, chunks, s.Accumulate);
    }

    private static void SplitProductKernel(ArrayView<float> parts, ArrayView<float> a, ArrayView<float> b, ProductShape s)
    {
        int outputs = s.M * s.N, n = (int)parts.Length;
        for (int e = FirstItem, stride = ThreadStride; e < n; e += stride)
        {
            int output = e % outputs, first = e / outputs * SplitDepth, end = s.K - first < SplitDepth ? s.K : first + SplitDepth;
            int lineA = output / s.N * s.AM, lineB = output % s.N * s.BN;
            float sum = 0;
            for (int k = first; k < end; k++) sum += s.Scale * a[lineA + k * s.AK] * b[lineB + k * s.BK];
            parts[e] = sum;
        }
    }

    private static void FoldKernel(ArrayView<float> c, ArrayView<float> parts, int chunks, int accumulate)
    {
        int outputs = (int)c.Length;
        for (int e = FirstItem, stride = ThreadStride; e < outputs; e += stride)
        {
            float sum = accumulate == 0 ? 0 : c[e];
            for (int chunk = 0; chunk < chunks; chunk++) sum += parts[chunk * outputs + e];
            c[e] = sum;
        }
    }
}
