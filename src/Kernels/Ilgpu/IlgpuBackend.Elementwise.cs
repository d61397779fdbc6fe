using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <summary>Elements whose squares one group adds up; the sums of the chunks follow in their order.</summary>
    private const int NormChunk = 4096;

    protected override void FillCore(View y, float value)
    {
        if (!y.IsEmpty) Launch(FillKernel, Each(y.Length), Device(y), value);
    }

    protected override void CopyCore(View y, View x)
    {
        if (!y.IsEmpty) Launch(CopyKernel, Each(y.Length), Device(y), Device(x));
    }

    protected override void AddScaledCore(View y, View x, float factor)
    {
        if (!y.IsEmpty) Launch(AddScaledKernel, Each(y.Length), Device(y), Device(x), factor);
    }

    protected override void ScaleCore(View y, float factor)
    {
        if (!y.IsEmpty) Launch(ScaleKernel, Each(y.Length), Device(y), factor);
    }

    protected override void SquaredNormCore(View result, View x)
    {
        int chunks = (int)((x.Length + NormChunk - 1) / NormChunk);
        var sums = Scratch(0, Math.Max(1, chunks));
        if (chunks > 0) Launch(SquaredChunksKernel, EachRow(chunks), sums, Device(x), chunks);
        Launch(SumKernel, EachRow(1), Device(result), sums, chunks);
    }

    private static void FillKernel(ArrayView<float> y, float value)
    {
        for (int i = FirstItem, stride = ThreadStride; i < y.Length; i += stride) y[i] = value;
    }

    private static void CopyKernel(ArrayView<float> y, ArrayView<float> x)
    {
        for (int i = FirstItem, stride = ThreadStride; i < y.Length; i += stride) y[i] = x[i];
    }

    private static void AddScaledKernel(ArrayView<float> y, ArrayView<float> x, float factor)
    {
        for (int i = FirstItem, stride = ThreadStride; i < y.Length; i += stride) y[i] += factor * x[i];
    }

    private static void ScaleKernel(ArrayView<float> y, float factor)
    {
        for (int i = FirstItem, stride = ThreadStride; i < y.Length; i += stride) y[i] *= factor;
    }

    private static void SquaredChunksKernel(ArrayView<float> sums, ArrayView<float> x, int chunks)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        int n = (int)x.Length;
        for (int chunk = Grid.IdxX, groups = Grid.DimX; chunk < chunks; chunk += groups)
        {
            int end = chunk * NormChunk + NormChunk < n ? chunk * NormChunk + NormChunk : n;
            var sum = new CompensatedSum();
            for (int i = chunk * NormChunk + Group.IdxX, threads = Group.DimX; i < end; i += threads) sum = sum.Plus(x[i] * x[i]);
            float total = GroupSum(sum.Value, shared);
            if (Group.IdxX == 0) sums[chunk] = total;
        }
    }

    private static void SumKernel(ArrayView<float> result, ArrayView<float> terms, int n)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        var sum = new CompensatedSum();
        for (int i = Group.IdxX, threads = Group.DimX; i < n; i += threads) sum = sum.Plus(terms[i]);
        float total = GroupSum(sum.Value, shared);
        if (Group.IdxX == 0) result[0] = total;
    }
}

/// <summary>
/// A float32 sum that carries what rounding lost (Kahan, CACM 8(1), 1965): its error does not grow with the number of terms, which matters where one thread of
/// the simulator, or of a small group, adds up thousands.
/// </summary>
internal readonly struct CompensatedSum(float value, float lost)
{
    public readonly float Value = value;
    private readonly float _lost = lost;

    public CompensatedSum Plus(float term)
    {
        float corrected = term - _lost, sum = Value + corrected;
        return new CompensatedSum(sum, sum - Value - corrected);
    }
}
