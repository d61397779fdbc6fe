using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// One AdamW step. With g = GradientScale·grad: θ ← θ·(1 − lr·λ); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²;
    /// θ ← θ − StepSize·m / (√v·RootCorrection + ε). Sizes: parameters, gradient, m, v [n]. 15·n FLOPs.
    /// </summary>
    public void AdamW(View parameters, View m, View v, View gradient, AdamWStep step)
    {
        long n = parameters.Length;
        RequireSize(m, n, nameof(m));
        RequireSize(v, n, nameof(v));
        RequireSize(gradient, n, nameof(gradient));
        if (step.Step < 1) throw new ArgumentOutOfRangeException(nameof(step), step.Step, "AdamW's steps count from 1");
        var call = Begin("adamw", 15 * n, parameters,
            [new(nameof(parameters), parameters, Updated), new(nameof(m), m, Updated), new(nameof(v), v, Updated), new(nameof(gradient), gradient, Input)]);
        AdamWCore(parameters, m, v, gradient, step);
        End(call);
    }

    protected abstract void AdamWCore(View parameters, View m, View v, View gradient, AdamWStep step);
}

/// <summary>The numbers of one AdamW step (Loshchilov and Hutter, arXiv:1711.05101).</summary>
/// <param name="LearningRate">lr of this step.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">ε, added to the root after bias correction.</param>
/// <param name="WeightDecay">Decoupled decay λ.</param>
/// <param name="Step">Number of the step, from 1, for the bias corrections 1 − βᵗ.</param>
/// <param name="GradientScale">The gradient is multiplied by this first: clipping by the global norm.</param>
public readonly record struct AdamWStep(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, int Step, double GradientScale)
{
    /// <summary>lr / (1 − β₁ᵗ).</summary>
    public double StepSize => LearningRate / (1 - Math.Pow(Beta1, Step));

    /// <summary>1 / √(1 − β₂ᵗ).</summary>
    public double RootCorrection => 1 / Math.Sqrt(1 - Math.Pow(Beta2, Step));
}
