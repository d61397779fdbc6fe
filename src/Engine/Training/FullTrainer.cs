namespace LoraCollab.Engine.Training;

/// <summary>Training of every parameter of a model: pretraining from random weights.</summary>
public sealed class FullTrainer : IDisposable
{
    private readonly GradientAccumulator _gradients;
    private readonly TrainingOptions _options;
    private readonly GptModel _model;

    /// <param name="model">Made by <see cref="GptModel.ForTraining"/>.</param>
    public FullTrainer(GptModel model, TrainingOptions options)
    {
        if (!model.Trainable) throw new ArgumentException("a frozen model cannot be trained", nameof(model));
        (_model, _options) = (model, options);
        Optimiser = new AdamW(model.Backend, model.Layout, options.AdamW);
        _gradients = new GradientAccumulator(options, client: 0);
    }

    public AdamW Optimiser { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>One optimiser step; returns the mean loss before it.</summary>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite; nothing was updated.</exception>
    public double Step(GptPass pass, BatchFill fill)
    {
        double loss = _gradients.Accumulate(pass, null, _model.Gradient, Steps, fill);
        Optimiser.Step(pass.Lane, _model.Parameters, _model.Gradient, _options.Schedule.At(Steps));
        Steps++;
        return loss;
    }

    /// <summary>Adds parameters, moments and counts to a checkpoint, every bit of them.</summary>
    public void Save(TensorBag bag, ComputeBackend lane)
    {
        bag.Add("parameters", lane, _model.Parameters);
        Optimiser.Save(bag, "adamw.", lane);
        bag.Add("steps", [checked((int)Steps)]);
    }

    /// <summary>Takes the state back from a checkpoint.</summary>
    /// <exception cref="LoraCollab.Data.UserException">The checkpoint has no such state, or one of another size.</exception>
    public void Load(TensorBag bag, ComputeBackend lane)
    {
        bag.Read("parameters", lane, _model.Parameters);
        Optimiser.Load(bag, "adamw.", lane);
        Steps = bag.Ints("steps", 1)[0];
    }

    public void Dispose() => Optimiser.Dispose();
}
