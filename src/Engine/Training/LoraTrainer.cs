namespace LoraCollab.Engine.Training;

/// <summary>Training of one client's adapter over a frozen base.</summary>
public sealed class LoraTrainer : Trainer
{
    private View _centre;
    private double _pull;

    /// <param name="client">The client's number: keeps its dropout apart from the others'.</param>
    public LoraTrainer(GptModel model, LoraOptions lora, TrainingOptions options, uint client)
        : this(model, new LoraAdapter(model.Backend, model.Config, lora, trainable: true), options, client) { }

    private LoraTrainer(GptModel model, LoraAdapter adapter, TrainingOptions options, uint client)
        : base(model, adapter, adapter.Layout, adapter.Parameters, adapter.Gradient, "adapter", options, client) => Adapter = adapter;

    public LoraAdapter Adapter { get; }

    /// <summary>Train B alone (FFA-LoRA, arXiv:2403.12313).</summary>
    public bool FreezeA { get; set; }

    private protected override long FrozenLength => FreezeA ? Adapter.LengthOfA : 0;

    /// <summary>From now on μ·(θ − centre) joins the gradient: the derivative of μ/2·‖θ − centre‖² (FedProx, arXiv:1812.06127).</summary>
    /// <param name="centre">[parameters].</param>
    /// <param name="strength">μ; 0 ends it.</param>
    public void PullTo(ReadOnlySpan<float> centre, double strength)
    {
        _pull = strength;
        if (strength == 0) return;
        if (_centre.IsEmpty) _centre = Model.Backend.Allocate("pull centre", Layout.Length);
        Model.Backend.Write(_centre, centre);
    }

    /// <summary>Begins anew from an adapter: no steps, no moments, no pull.</summary>
    public void Restart(ReadOnlySpan<float> adapter)
    {
        Adapter.Set(adapter);
        Optimiser.Reset(Model.Backend);
        (Steps, _pull) = (0, 0);
    }

    public override void Dispose()
    {
        base.Dispose();
        Adapter.Dispose();
        if (!_centre.IsEmpty) _centre.Buffer.Dispose();
    }

    private protected override void Adjust(ComputeBackend lane)
    {
        lane.Enter(OpPhase.Optimiser);
        if (_pull == 0) return;
        lane.Scope = "pull";
        lane.AddScaled(Gradient, Parameters, (float)_pull);
        lane.AddScaled(Gradient, _centre, (float)-_pull);
    }
}
