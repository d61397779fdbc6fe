namespace LoraCollab.Federation.Analysis;

/// <summary>One adapter that a comparator trains, and the clients that are measured with it.</summary>
/// <param name="Number">Keeps its windows and dropout apart from others'; a client's own number gives it that client's dropout.</param>
/// <param name="Text">What it is trained on.</param>
/// <param name="Members">Clients that are measured with it on their report-validation text.</param>
/// <param name="Steps">AdamW steps.</param>
/// <param name="Schedule">Learning rates.</param>
internal sealed record ComparatorJob(int Number, int[] Text, int[] Members, int Steps, LearningRateSchedule Schedule)
{
    /// <summary>The adapter to begin with; null: the initial one.</summary>
    public float[]? Start { get; init; }

    /// <summary>Steps that were taken before: the windows go on from there.</summary>
    public int StepsBefore { get; init; }

    /// <summary>Trains and measures, one entry of <paramref name="found"/> a member.</summary>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    public void Run(string name, Workspace workspace, Lane lane, FederatedData data, Evaluation[] found, CancellationToken stop)
    {
        var options = workspace.Options;
        using var trainer = new LoraTrainer(workspace.Model, workspace.Lora, workspace.Training with { Schedule = Schedule }, (uint)Number);
        trainer.Adapter.Set(Start ?? workspace.Initial(Number));
        var sampler = new BatchSampler(Text, options.SequenceLength, options.Seed, Number);
        try
        {
            while (trainer.Steps < Steps)
            {
                stop.ThrowIfCancellationRequested();
                trainer.Step(lane.Training, (step, micro, inputs, targets) => sampler.Fill(StepsBefore + step, micro, inputs, targets));
            }
        }
        catch (ComputationFailedException e)
        {
            throw new CollaborationFailedException($"comparator {name}, iteration {trainer.Steps + 1}: {e.Message}", e);
        }
        var evaluator = new ReportEvaluator(workspace);
        foreach (int i in Members) found[i] = evaluator.Evaluate(lane, i, data.Clients[i], trainer.Adapter, options.Iterations);
    }
}
