using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <summary>An <see cref="AdamWStep"/> in float32, with what needs double computed before the launch.</summary>
    internal readonly record struct AdamWFactors(
        float Decay, float Beta1, float Rest1, float Beta2, float Rest2, float StepSize, float RootCorrection, float Epsilon, float GradientScale);

    protected override void AdamWCore(View parameters, View m, View v, View gradient, AdamWStep step)
    {
        if (parameters.IsEmpty) return;
        var factors = new AdamWFactors(
            (float)(1 - step.LearningRate * step.WeightDecay), (float)step.Beta1, (float)(1 - step.Beta1), (float)step.Beta2, (float)(1 - step.Beta2),
            (float)step.StepSize, (float)step.RootCorrection, (float)step.Epsilon, (float)step.GradientScale);
        Launch(AdamWKernel, Each(parameters.Length), Device(parameters), Device(m), Device(v), Device(gradient), factors);
    }

    private static void AdamWKernel(ArrayView<float> parameters, ArrayView<float> m, ArrayView<float> v, ArrayView<float> gradient, AdamWFactors f)
    {
        for (int i = FirstItem, stride = ThreadStride; i < parameters.Length; i += stride)
        {
            float g = f.GradientScale * gradient[i];
            float first = f.Beta1 * m[i] + f.Rest1 * g;
            float second = f.Beta2 * v[i] + f.Rest2 * g * g;
            m[i] = first;
            v[i] = second;
            parameters[i] = parameters[i] * f.Decay - f.StepSize * first / (MathF.Sqrt(second) * f.RootCorrection + f.Epsilon);
        }
    }
}
