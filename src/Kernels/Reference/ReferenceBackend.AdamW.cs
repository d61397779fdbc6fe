namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void AdamWCore(View parameters, View m, View v, View gradient, AdamWStep step)
    {
        Span<double> theta = Reals(parameters), M = Reals(m), V = Reals(v), grad = Reals(gradient);
        for (int i = 0; i < theta.Length; i++)
        {
            double g = step.GradientScale * grad[i];
            theta[i] *= 1 - step.LearningRate * step.WeightDecay;
            M[i] = step.Beta1 * M[i] + (1 - step.Beta1) * g;
            V[i] = step.Beta2 * V[i] + (1 - step.Beta2) * g * g;
            theta[i] -= step.StepSize * M[i] / (Math.Sqrt(V[i]) * step.RootCorrection + step.Epsilon);
        }
    }
}
