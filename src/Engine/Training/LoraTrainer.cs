namespace LoraCollab.Engine.Training;

/// <summary>
/// One client: its adapter, its optimiser and its step count. The workspace belongs to the lane: any pass of the right form can carry any client's step,
/// with the same bits.
/// </summary>
public sealed class LoraTrainer : IDisposable
{
    private readonly GradientAccumulator _gradients;
    private readonly TrainingOptions _options;
    private readonly ComputeBackend _backend;
    private View _centre;
    private double _pull;

    /// <param name="client">The client's number: keeps its dropout apart from the others'.</param>
    public LoraTrainer(GptModel model, LoraOptions lora, TrainingOptions options, uint client)
    {
        (_options, _backend) = (options, model.Backend);
        Adapter = new LoraAdapter(model.Backend, model.Config, lora, trainable: true);
        Optimiser = new AdamW(model.Backend, Adapter.Layout, options.AdamW);
        _gradients = new GradientAccumulator(options, client);
    }

    public LoraAdapter Adapter { get; }

    public AdamW Optimiser { get; }

    /// <summary>Steps taken, over which the schedule and the batches run; AdamW's own count may be reset.</summary>
    public long Steps { get; private set; }

    /// <summary>Train B alone (FFA-LoRA, arXiv:2403.12313).</summary>
    public bool FreezeA { get; set; }

    /// <summary>From now on μ·(θ − centre) joins the gradient: the derivative of μ/2·‖θ − centre‖² (FedProx, arXiv:1812.06127).</summary>
    /// <param name="centre">[parameters].</param>
    /// <param name="strength">μ; 0 ends it.</param>
    public void PullTo(ReadOnlySpan<float> centre, double strength)
    {
        _pull = strength;
        if (strength == 0) return;
        if (_centre.IsEmpty) _centre = _backend.Allocate("pull centre", Adapter.Layout.Length);
        _backend.Upload(_centre, centre);
    }

    /// <summary>Begins anew from an adapter: no steps, no moments, no pull.</summary>
    public void Restart(ReadOnlySpan<float> adapter)
    {
        Adapter.Upload(adapter);
        Optimiser.Reset(_backend);
        (Steps, _pull) = (0, 0);
    }

    /// <summary>One optimiser step on one lane; returns the mean loss of the client's own micro-batches before the step.</summary>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite; nothing was updated.</exception>
    public double Step(GptPass pass, BatchFill fill)
    {
        double loss = _gradients.Accumulate(pass, Adapter, Adapter.Gradient, Steps, fill);
        pass.Lane.Enter(OpPhase.Optimiser);
        if (_pull != 0)
        {
            pass.Lane.Scope = "pull";
            pass.Lane.AddScaled(Adapter.Gradient, Adapter.Parameters, (float)_pull);
            pass.Lane.AddScaled(Adapter.Gradient, _centre, (float)-_pull);
        }
        Optimiser.Step(pass.Lane, Adapter.Parameters, Adapter.Gradient, _options.Schedule.At(Steps), FreezeA ? Adapter.LengthOfA : 0);
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
        if (!_centre.IsEmpty) _centre.Buffer.Dispose();
    }
}
