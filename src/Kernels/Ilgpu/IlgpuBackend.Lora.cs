using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// The thin products go through <see cref="ThinProduct"/>; what reads or writes the wide side under a dropout mask are kernels of their own, one thread for
/// four neighbours, because they share a Philox block.
/// </summary>
internal sealed partial class IlgpuBackend
{
    protected override void LoraCore(View y, View u, View x, View a, View b, LoraShape s)
    {
        // u = drop(x)·Aᵀ
        ThinProduct(Device(u), Dropped(x, s), Device(a), new ProductShape(s.Rows, s.Rank, s.IC, s.IC, 1, 1, s.IC, 1, 0));
        // y += s·u·Bᵀ
        Product(Device(y), Device(u), Device(b), Device(default(View)), new ProductShape(s.Rows, s.OC, s.Rank, s.Rank, 1, 1, s.Rank, s.Scale, 1));
    }

    protected override void LoraBackwardCore(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape s)
    {
        // of y += s·u·Bᵀ: du = s·dy·B, dB += s·dyᵀ·u
        ThinProduct(Device(du), Device(dy), Device(b), new ProductShape(s.Rows, s.Rank, s.OC, s.OC, 1, s.Rank, 1, s.Scale, 0));
        ThinProduct(Device(db), Device(dy), Device(u), ProductShape.BackwardWeight(s.Rows, s.OC, s.Rank, s.Scale));
        // of u = drop(x)·Aᵀ: dA += duᵀ·drop(x), dx += keep/(1 − p)∘(du·A)
        ThinProduct(Device(da), Device(du), Dropped(x, s), ProductShape.BackwardWeight(s.Rows, s.Rank, s.IC, 1));
        if (!dx.IsEmpty)
            Launch(LoraInputGradientKernel, Each((dx.Length + 3) / 4), Device(dx), Device(du), Device(a), s.IC, s.Rank, new DeviceMask(s.Dropout));
    }

    /// <summary>drop(x) in the lane's workspace; x itself without dropout.</summary>
    private ArrayView<float> Dropped(View x, LoraShape s)
    {
        if (s.Dropout.IsNone) return Device(x);
        var dropped = Scratch(0, x.Length);
        Launch(DropoutKernel, Each((x.Length + 3) / 4), dropped, Device(x), new DeviceMask(s.Dropout));
        return dropped;
    }

    private static void LoraInputGradientKernel(ArrayView<float> dx, ArrayView<float> du, ArrayView<float> a, int ic, int rank, DeviceMask mask)
    {
        int n = (int)dx.Length;
        for (int block = FirstItem, stride = ThreadStride; 4L * block < n; block += stride)
        {
            var factors = mask.Factors((uint)block);
            for (int lane = 0; lane < 4; lane++)
            {
                int e = 4 * block + lane;
                if (e < n && factors[lane] != 0)
                {
                    int row = e / ic, i = e % ic;
                    float sum = 0;
                    for (int k = 0; k < rank; k++) sum += du[row * rank + k] * a[k * ic + i];
                    dx[e] += factors[lane] * sum;
                }
            }
        }
    }
}
