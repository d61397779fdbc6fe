using static LoraCollab.Kernels.OperandRole;

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
