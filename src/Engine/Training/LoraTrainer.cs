using LoraCollab.Kernels;

namespace LoraCollab.Engine;

/// <summary>
/// One client: its adapter, its optimiser and its step count. The workspace belongs to the lane: any pass of the right form can carry any client's step,
/// with the same bits.
/// </summary>
public sealed class LoraTrainer : IDisposable
{
    private readonly GradientAccumulator _gradients;
    private readonly TrainingOptions _options;

    /// <param name="client">The client's number: keeps its dropout apart from the others'.</param>
    /// <param name="freezeA">Train B alone (FFA-LoRA, arXiv:2403.12313).</param>
    public LoraTrainer(GptModel model, LoraOptions lora, TrainingOptions options, uint client, bool freezeA = false)
    {
        _options = options;
        Adapter = new LoraAdapter(model.Backend, model.Config, lora, trainable: true);
        Optimiser = new AdamW(model.Backend, Adapter.Layout, options.AdamW, freezeA ? Adapter.LengthOfA : 0);
        _gradients = new GradientAccumulator(options, client);
    }

    public LoraAdapter Adapter { get; }

    public AdamW Optimiser { get; }

    /// <summary>Steps taken, over which the schedule and the batches run; AdamW's own count may be reset.</summary>
    public long Steps { get; private set; }

    /// <summary>One optimiser step on one lane; returns the mean loss of the client's own micro-batches before the step.</summary>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite; nothing was updated.</exception>
    public double Step(GptPass pass, BatchFill fill)
    {
        double loss = _gradients.Accumulate(pass, Adapter, Adapter.Gradient, Steps, fill);
        Optimiser.Step(pass.Lane, Adapter.Parameters, Adapter.Gradient, _options.Schedule.At(Steps));
        Steps++;
        return loss;
    }

    /// <summary>Adds adapter, moments and counts to a checkpoint, every bit of them.</summary>
    public void Save(TensorBag bag, string prefix, ComputeBackend lane)
    {
        bag.Add($"{prefix}adapter", lane, Adapter.Parameters);
        Optimiser.Save(bag, $"{prefix}adamw.", lane);
        bag.Add($"{prefix}steps", [checked((int)Steps)]);
    }

    /// <summary>Takes the state back from a checkpoint.</summary>
    /// <exception cref="LoraCollab.Data.UserException">The checkpoint has no such state, or one of another size.</exception>
    public void Load(TensorBag bag, string prefix, ComputeBackend lane)
    {
        bag.Read($"{prefix}adapter", lane, Adapter.Parameters);
        Optimiser.Load(bag, $"{prefix}adamw.", lane);
        Steps = bag.Ints($"{prefix}steps", 1)[0];
    }

    public void Dispose()
    {
        Adapter.Dispose();
        Optimiser.Dispose();
    }
}
