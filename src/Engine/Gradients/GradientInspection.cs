namespace LoraCollab.Engine.Gradients;

/// <summary>
/// Looks at the gradients of some micro-batches: each is run forward and backward under a <see cref="GradientRecorder"/>, as a training step would.
/// </summary>
public static class GradientInspection
{
    /// <summary>
    /// Gradients of <paramref name="batches"/> micro-batches with the masks that training would draw; then the AdamW step of their mean is really taken.
    /// </summary>
    /// <param name="batches">M, at least 1; with 2 or more there is a signal-to-noise ratio.</param>
    /// <param name="rate">Learning rate of the step whose size is reported.</param>
    /// <param name="fill">Fills micro-batch m of the step that would come next.</param>
    public static GradientReport Of(GradientSubject subject, int batches, double rate, BatchFill fill)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        var lane = subject.Pass.Lane;
        var recorder = new GradientRecorder(lane, subject.Pass.Config.Layers, subject.Trainer.Layout, subject.Trainer.Gradient);
        var sum = new GradientSum(subject.Trainer.Layout, batches);
        var activations = new Dictionary<string, List<GradientStatistics>>();
        IReadOnlyList<GradientStep> way = [];
        BadTensor? badForward = null;
        double loss = 0;
        for (int m = 0; m < batches; m++)
        {
            double found = Backward(subject, recorder, m, fill, out BadTensor? bad);
            badForward ??= bad;
            loss += found / batches;
            if (m == 0) way = [.. recorder.Steps];
            var writes = recorder.Steps.SelectMany(s => s.Writes).Where(w => w.Kind == GradientKind.Activation);
            foreach (var last in writes.GroupBy(w => w.Tensor).Select(g => g.Last()))
            {
                if (!activations.TryGetValue(last.Tensor, out var list)) activations[last.Tensor] = list = [];
                list.Add(last.After);
            }
            sum.Add(lane, subject.Trainer.Gradient);
        }
        var spectra = subject.Adapter is { } adapter ? LoraSpectrum.Of(subject.Pass.Config, adapter.Options, Values(lane, subject.Trainer.Parameters)) : [];
        sum.SetMean(lane, subject.Trainer.Gradient);
        var update = GradientUpdate.Of(subject, rate);
        string[] order = [.. way.SelectMany(s => s.Writes).Select(w => w.Tensor).Concat(subject.Trainer.Layout.Entries.Select(e => e.Name)).Distinct()];
        return new GradientReport
        {
            Steps = subject.Trainer.Steps,
            Batches = batches,
            Loss = loss,
            BadForward = badForward,
            Way = way,
            Spectra = spectra,
            Scale = subject.Adapter is { } a ? (float)a.Options.Scale : null,
            IsInitial = !subject.IsTrained && spectra.All(s => s.Norm == 0),
            Tensors =
            [
                .. order.Select(name => activations.TryGetValue(name, out var all)
                    ? new TensorGradient(name, GradientKind.Activation, GradientStatistics.Over(all))
                    : new TensorGradient(name, GradientKind.Parameter, sum.Of(name))
                    {
                        Weight = update[name].Weight,
                        UpdateRatio = update[name].Ratio,
                        SignalToNoise = batches > 1 ? sum.SignalToNoise(name) : null,
                    }),
            ],
        };
    }

    private static double Backward(GradientSubject subject, GradientRecorder recorder, int microBatch, BatchFill fill, out BadTensor? badForward)
    {
        var (pass, options) = (subject.Pass, subject.Trainer.Options);
        int[] inputs = new int[options.BatchSize * options.SequenceLength], targets = new int[inputs.Length];
        fill(subject.Trainer.Steps, microBatch, inputs, targets);
        var draw = new DropoutDraw(options.Dropout, options.Seed, checked((uint)(subject.Trainer.Steps * options.AccumulationSteps + microBatch)), 0);
        pass.Lane.Scope = "gradient";
        pass.Lane.Fill(subject.Trainer.Gradient, 0);
        double loss = recorder.Record(() => pass.Gradient(inputs, targets, options.BatchSize, subject.Adapter, draw));
        badForward = double.IsFinite(loss) ? null : NonFiniteFinder.First(pass, inputs, options.BatchSize, subject.Adapter, draw) ?? BadTensor.Loss;
        return loss;
    }

    private static float[] Values(ComputeBackend lane, View view)
    {
        var values = new float[view.Length];
        lane.Download(values.AsSpan(), view);
        return values;
    }
}
