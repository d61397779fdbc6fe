namespace LoraCollab.Engine.Training;

/// <summary>
/// The gradient of one training step: the mean over the step's micro-batches. Dropout masks are functions of (seed, client, step·acc + micro-batch,
/// place), so that neither threads nor resuming change them.
/// </summary>
internal sealed class GradientAccumulator(TrainingOptions options, uint client)
{
    private readonly int[] _inputs = new int[options.BatchSize * options.SequenceLength];
    private readonly int[] _targets = new int[options.BatchSize * options.SequenceLength];

    /// <summary>Sets the gradient to ∂(mean loss)/∂θ of one step; returns the mean loss over its own micro-batches.</summary>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite; the first bad tensor is named.</exception>
    public double Accumulate(GptPass pass, LoraAdapter? adapter, View gradient, long step, BatchFill fill)
    {
        int accumulation = options.AccumulationSteps;
        pass.Lane.Step = step;
        pass.Lane.Enter(OpPhase.Backward);
        pass.Lane.Scope = "gradient";
        pass.Lane.Fill(gradient, 0);
        double sum = 0;
        for (int micro = 0; micro < accumulation; micro++)
        {
            pass.Lane.Enter(OpPhase.Data);
            fill(step, micro, _inputs, _targets);
            var draw = new DropoutDraw(options.Dropout, options.Seed, checked((uint)(step * accumulation + micro)), client);
            double loss = pass.Gradient(_inputs, _targets, options.BatchSize, adapter, draw, 1.0 / accumulation).Mean;
            if (!double.IsFinite(loss)) throw NonFiniteFinder.Explain(pass, _inputs, options.BatchSize, adapter, draw, step, loss);
            sum += loss;
        }
        return sum / accumulation;
    }
}
