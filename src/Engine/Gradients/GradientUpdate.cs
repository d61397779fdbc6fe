namespace LoraCollab.Engine.Gradients;

/// <summary>How far one AdamW step moves a tensor.</summary>
/// <param name="Weight">‖θ‖ before the step.</param>
/// <param name="Ratio">‖θ′ − θ‖ / ‖θ‖; null where θ = 0.</param>
internal readonly record struct GradientUpdate(double Weight, double? Ratio)
{
    /// <summary>Takes the step with the subject's gradient and its optimiser's own moments, and says by name what became of every tensor.</summary>
    /// <param name="subject">Whose parameters are moved.</param>
    /// <param name="rate">Learning rate.</param>
    public static IReadOnlyDictionary<string, GradientUpdate> Of(GradientSubject subject, double rate)
    {
        var (lane, layout) = (subject.Pass.Lane, subject.Trainer.Layout);
        double[] before = Read(lane, subject.Trainer.Parameters);
        subject.Trainer.Optimiser.Step(lane, subject.Trainer.Parameters, subject.Trainer.Gradient, rate);
        return layout.Entries.ToDictionary(e => e.Name, e =>
        {
            double[] after = Read(lane, layout.Of(subject.Trainer.Parameters, e.Name));
            double weight = 0, moved = 0;
            for (int i = 0; i < after.Length; i++)
            {
                double was = before[e.Offset + i];
                weight += was * was;
                moved += (after[i] - was) * (after[i] - was);
            }
            return new GradientUpdate(Math.Sqrt(weight), weight == 0 ? null : Math.Sqrt(moved / weight));
        });
    }

    private static double[] Read(ComputeBackend lane, View view)
    {
        var values = new double[view.Length];
        lane.Download(values.AsSpan(), view);
        return values;
    }
}
