namespace LoraCollab.Kernels.Ops;

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
