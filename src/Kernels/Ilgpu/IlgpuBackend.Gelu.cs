using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

internal sealed partial class IlgpuBackend
{
    private const float RootTwoOverPi = 0.797884561f, RootHalf = 0.707106781f, RootTwoPiInverse = 0.398942280f;

    protected override void GeluCore(View y, View x, long n, GeluForm form)
    {
        if (n == 0) return;
        if (form == GeluForm.Tanh) Launch(GeluTanhKernel, Each(n), Device(y), Device(x));
        else Launch(GeluErfKernel, Each(n), Device(y), Device(x));
    }

    protected override void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form)
    {
        if (n == 0) return;
        if (form == GeluForm.Tanh) Launch(GeluTanhBackwardKernel, Each(n), Device(dx), Device(dy), Device(x));
        else Launch(GeluErfBackwardKernel, Each(n), Device(dx), Device(dy), Device(x));
    }

    private static void GeluTanhKernel(ArrayView<float> y, ArrayView<float> x)
    {
        for (int i = FirstItem, stride = ThreadStride; i < y.Length; i += stride)
        {
            float v = x[i];
            y[i] = 0.5f * v * (1f + DeviceMath.Tanh(RootTwoOverPi * v * (1f + 0.044715f * v * v)));
        }
    }

    /// <summary>For y = 0.5·x·(1 + t): gelu′ = 0.5·(1 + t) + 0.5·x·(1 − t²)·u′.</summary>
    private static void GeluTanhBackwardKernel(ArrayView<float> dx, ArrayView<float> dy, ArrayView<float> x)
    {
        for (int i = FirstItem, stride = ThreadStride; i < dx.Length; i += stride)
        {
            float v = x[i], t = DeviceMath.Tanh(RootTwoOverPi * v * (1f + 0.044715f * v * v));
            dx[i] = dy[i] * (0.5f * (1f + t) + 0.5f * v * (1f - t * t) * RootTwoOverPi * (1f + 0.134145f * v * v));
        }
    }

    private static void GeluErfKernel(ArrayView<float> y, ArrayView<float> x)
    {
        for (int i = FirstItem, stride = ThreadStride; i < y.Length; i += stride) y[i] = x[i] * NormalDistribution(x[i]);
    }

    /// <summary>For y = x·Φ(x): gelu′ = Φ(x) + x·φ(x).</summary>
    private static void GeluErfBackwardKernel(ArrayView<float> dx, ArrayView<float> dy, ArrayView<float> x)
    {
        for (int i = FirstItem, stride = ThreadStride; i < dx.Length; i += stride)
        {
            float v = x[i];
            dx[i] = dy[i] * (NormalDistribution(v) + v * RootTwoPiInverse * DeviceMath.Exp(-0.5f * v * v));
        }
    }

    /// <summary>Φ(x), from the side of erfc that does not cancel.</summary>
    private static float NormalDistribution(float x)
    {
        float tail = 0.5f * DeviceMath.Erfc(RootHalf * (x < 0 ? -x : x));
        return x < 0 ? tail : 1f - tail;
    }
}
