namespace LoraCollab.Engine.Training;

/// <summary>
/// Fills one micro-batch: ids and next tokens, [B, T] each. A pure function of the step and the micro-batch's number, as BatchSampler.Fill is.
/// </summary>
public delegate void BatchFill(long step, int microBatch, Span<int> inputs, Span<int> targets);

/// <summary>
/// What is trained, its optimiser and its count of steps. The workspace belongs to the lane: any pass of the right form can carry anybody's step, with the
/// same bits. Dropout masks are functions of (seed, client, step·acc + micro-batch, place), so that neither threads nor resuming change them.
/// </summary>
public abstract class Trainer : IDisposable
{
    private readonly LoraAdapter? _adapter;
    private readonly string _name;
    private readonly uint _client;
    private readonly int[] _inputs, _targets;

    private protected Trainer(
        GptModel model, LoraAdapter? adapter, FlatLayout layout, View parameters, View gradient, string name, TrainingOptions options, uint client)
    {
        (Model, _adapter, Layout, Parameters, Gradient, _name, Options, _client) = (model, adapter, layout, parameters, gradient, name, options, client);
        Optimiser = new AdamW(model.Backend, layout, options.AdamW);
        _inputs = new int[options.BatchSize * options.SequenceLength];
        _targets = new int[_inputs.Length];
    }

    public GptModel Model { get; }
    public TrainingOptions Options { get; }

    /// <summary>Of what is trained.</summary>
    public FlatLayout Layout { get; }

    /// <summary>[layout].</summary>
    public View Parameters { get; }

    /// <summary>[layout].</summary>
    public View Gradient { get; }

    public AdamW Optimiser { get; }

    /// <summary>Steps taken, over which the schedule and the batches run; AdamW's own count may be reset.</summary>
    public long Steps { get; private protected set; }

    /// <summary>A pass that can carry a step.</summary>
    public GptPass NewPass(ComputeBackend lane) =>
        new(Model, lane, Options.BatchSize, Options.SequenceLength, _adapter is null ? PassKind.Full : PassKind.Lora, _adapter?.Options);

    /// <summary>One optimiser step; returns the mean loss over its own micro-batches before it.</summary>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite; nothing was updated, and the first bad tensor is named.</exception>
    public double Step(GptPass pass, BatchFill fill)
    {
        double loss = Accumulate(pass, fill);
        Adjust(pass.Lane);
        Optimiser.Step(pass.Lane, Parameters, Gradient, Options.Schedule.At(Steps), FrozenLength);
        Steps++;
        return loss;
    }

    /// <summary>Step after step until there are <paramref name="last"/>.</summary>
    /// <param name="step">One of them: <see cref="Step"/>, and what belongs to it.</param>
    /// <param name="stepped">Given the loss of each.</param>
    /// <exception cref="OperationCanceledException">Asked to stop; everything is as the last step left it.</exception>
    public void StepTo(long last, Func<double> step, Action<double> stepped, CancellationToken stop)
    {
        while (Steps < last)
        {
            stop.ThrowIfCancellationRequested();
            stepped(step());
        }
    }

    /// <summary>Adds parameters, moments and counts to a checkpoint, every bit of them.</summary>
    public void Save(TensorBag bag, string prefix, ComputeBackend lane)
    {
        bag.Add(prefix + _name, lane, Parameters);
        Optimiser.Save(bag, $"{prefix}adamw.", lane);
        bag.Add($"{prefix}steps", [checked((int)Steps)]);
    }

    /// <summary>Takes the state back from a checkpoint.</summary>
    /// <exception cref="LoraCollab.Data.UserException">The checkpoint has no such state, or one of another size.</exception>
    public void Load(TensorBag bag, string prefix, ComputeBackend lane)
    {
        bag.Read(prefix + _name, lane, Parameters);
        Optimiser.Load(bag, $"{prefix}adamw.", lane);
        Steps = bag.Ints($"{prefix}steps", 1)[0];
    }

    public virtual void Dispose() => Optimiser.Dispose();

    /// <summary>Elements at the beginning that no step changes.</summary>
    private protected virtual long FrozenLength => 0;

    /// <summary>What joins the gradient before a step.</summary>
    private protected virtual void Adjust(ComputeBackend lane) { }

    /// <summary>Sets the gradient to ∂(mean loss)/∂θ over the step's micro-batches.</summary>
    private double Accumulate(GptPass pass, BatchFill fill)
    {
        int accumulation = Options.AccumulationSteps;
        pass.Lane.Step = Steps;
        pass.Lane.Enter(OpPhase.Backward);
        pass.Lane.Scope = "gradient";
        pass.Lane.Fill(Gradient, 0);
        double sum = 0;
        for (int micro = 0; micro < accumulation; micro++)
        {
            pass.Lane.Enter(OpPhase.Data);
            fill(Steps, micro, _inputs, _targets);
            var draw = new DropoutDraw(Options.Dropout, Options.Seed, checked((uint)(Steps * accumulation + micro)), _client);
            double loss = pass.Gradient(_inputs, _targets, Options.BatchSize, _adapter, draw, 1.0 / accumulation);
            if (!double.IsFinite(loss)) throw NonFiniteFinder.Explain(pass, _inputs, Options.BatchSize, _adapter, draw, Steps, loss);
            sum += loss;
        }
        return sum / accumulation;
    }
}

/// <summary>Training of every parameter of a model: pretraining from random weights.</summary>
/// <param name="model">Made by <see cref="GptModel.ForTraining"/>.</param>
/// <exception cref="ArgumentException">The model is frozen.</exception>
public sealed class FullTrainer(GptModel model, TrainingOptions options)
    : Trainer(model.Trainable ? model : throw new ArgumentException("a frozen model cannot be trained", nameof(model)),
        null, model.Layout, model.Parameters, model.Gradient, "parameters", options, client: 0);
