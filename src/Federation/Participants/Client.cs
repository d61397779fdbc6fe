namespace LoraCollab.Federation.Participants;

/// <summary>
/// One client of a run: its text, its adapter and optimiser, where its adapter began and was last mixed, and how the present method makes it train.
/// </summary>
internal sealed class Client : IDisposable
{
    private readonly Workspace _workspace;
    private LocalRule _rule = LocalRule.Plain;
    private LoraTrainer? _shared;
    private float _pull; // how many times the rule's pull; 0 before the first mix
    private float[]? _good; // its own adapter after the last round it took part in, where that is not what it received

    public Client(int id, ClientData data, Workspace workspace)
    {
        (Id, Data, _workspace) = (id, data, workspace);
        var options = workspace.Options;
        Attacks = Attack.Attackers(options, workspace.Clients).Contains(id);
        Initial = workspace.Initial(id);
        Trainer = NewTrainer();
        Trainer.Adapter.Set(Initial);
        Anchor = Initial;
        Fill = new BatchSampler(data.Train, options.SequenceLength, options.Seed, id).Fill;
    }

    public int Id { get; }

    public ClientData Data { get; }

    /// <summary>True where it does harm: whatever becomes of it ends no run.</summary>
    public bool Attacks { get; }

    /// <summary>Its own adapter, which is evaluated.</summary>
    public LoraTrainer Trainer { get; }

    /// <summary>The adapter that is sent and replaced by what is received: its own, unless the method trains a shared one beside it.</summary>
    public LoraTrainer Sent => _shared ?? Trainer;

    /// <summary>True where what it receives does not change its own adapter.</summary>
    public bool KeepsOwn => _rule.KeepsOwn || _rule.TrainsShared;

    /// <summary>Its training batches: the same under every scheme.</summary>
    public BatchFill Fill { get; }

    /// <summary>The adapter before training.</summary>
    public float[] Initial { get; }

    /// <summary>What it received last; before the first mix its initial adapter.</summary>
    public float[] Anchor { get; private set; }

    /// <summary>What its last upload left out, which the next one adds; null: nothing.</summary>
    public float[]? Unsent { get; set; }

    /// <summary>Rounds in which it was silent since it last received something.</summary>
    public int Missed { get; set; }

    /// <summary>Training losses since the last evaluation.</summary>
    public TrainLossSum TrainLoss { get; set; }

    /// <summary>Trains by a method's rule from here on.</summary>
    public void Follow(LocalRule rule)
    {
        _rule = rule;
        Trainer.FreezeA = rule.FreezeA;
        if (!rule.TrainsShared) DropShared();
        else if (_shared is null)
        {
            var state = new TensorBag();
            Trainer.Save(state, "", _workspace.Model.Backend);
            _shared = NewTrainer();
            _shared.Load(state, "", _workspace.Model.Backend);
        }
        Trainer.PullTo(Anchor, rule.Pull * _pull);
    }

    /// <summary>Stands where it stood before the first step.</summary>
    public void Restart()
    {
        DropShared();
        Trainer.Restart(Initial);
        (Anchor, Unsent, Missed, TrainLoss, _pull, _good) = (Initial, null, 0, default, 0, null);
    }

    /// <summary>Trains on a lane until there are <paramref name="last"/> steps.</summary>
    /// <exception cref="NonFiniteException">A loss is NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop; everything is as the last step left it.</exception>
    public void StepTo(int last, Lane lane, Action stepped, CancellationToken stop) => Trainer.StepTo(last, () =>
    {
        _shared?.Step(lane.Training, Fill);
        return Trainer.Step(lane.Training, Fill);
    }, loss =>
    {
        TrainLoss = TrainLoss.Plus(loss);
        stepped();
    }, stop);

    /// <summary>
    /// True where what it receives replaces the adapter it sends. Where not, its next change from what it received still holds what an upload left out.
    /// </summary>
    public bool ReplacesSent => !_rule.KeepsOwn;

    /// <summary>Takes what an aggregation gives it.</summary>
    /// <param name="pull">What the method's pull is multiplied by.</param>
    public void Receive(float[] adapter, float pull)
    {
        if (!_rule.KeepsOwn) Sent.Adapter.Set(adapter);
        (Anchor, Missed) = (adapter, 0);
        _pull = pull;
        if (KeepsOwn && _workspace.Options.OnBadUpload == BadUploadRule.Exclude) _good = Adapter();
        Trainer.PullTo(adapter, _rule.Pull * pull);
    }

    /// <summary>Takes no more part: its adapter is again what it was after the last round it took part in, or before training.</summary>
    public void Exclude()
    {
        DropShared();
        Trainer.Adapter.Set(_good ?? Anchor);
        (Unsent, TrainLoss) = (null, default);
    }

    /// <summary>A copy of its own adapter.</summary>
    public float[] Adapter() => Trainer.Adapter.ToArray();

    /// <summary>A copy of the adapter it sends.</summary>
    public float[] Upload() => Sent.Adapter.ToArray();

    /// <summary>True where AdamW's moments of the adapter it sends are numbers.</summary>
    public bool HasFiniteMoments()
    {
        var state = new TensorBag();
        Sent.Optimiser.Save(state, "", _workspace.Model.Backend);
        return Array.TrueForAll(state.Floats("m"), float.IsFinite) && Array.TrueForAll(state.Floats("v"), float.IsFinite);
    }

    public void Save(TensorBag bag)
    {
        var backend = _workspace.Model.Backend;
        Trainer.Save(bag, Prefix, backend);
        bag.Add(Prefix + "anchor", [Anchor.Length], Anchor);
        bag.Add(Prefix + "pull", [1], [_pull]);
        if (Unsent is not null) bag.Add(Prefix + "unsent", [Unsent.Length], Unsent);
        if (Missed > 0) bag.Add(Prefix + "missed", [Missed]);
        if (_good is not null) bag.Add(Prefix + "good", [_good.Length], _good);
        _shared?.Save(bag, SharedPrefix, backend);
    }

    public void Load(TensorBag bag)
    {
        var backend = _workspace.Model.Backend;
        Trainer.Load(bag, Prefix, backend);
        Anchor = bag.Floats(Prefix + "anchor");
        Unsent = bag.Contains(Prefix + "unsent") ? bag.Floats(Prefix + "unsent") : null;
        Missed = bag.Contains(Prefix + "missed") ? bag.Ints(Prefix + "missed")[0] : 0;
        _good = bag.Contains(Prefix + "good") ? bag.Floats(Prefix + "good") : null;
        _pull = bag.Floats(Prefix + "pull")[0];
        Trainer.PullTo(Anchor, 0);
        DropShared();
        if (!bag.Contains(SharedPrefix + "adapter")) return;
        _shared = NewTrainer();
        _shared.Load(bag, SharedPrefix, backend);
    }

    public void Dispose()
    {
        Trainer.Dispose();
        DropShared();
    }

    private LoraTrainer NewTrainer() => new(_workspace.Model, _workspace.Lora, _workspace.Training, (uint)Id);

    private void DropShared()
    {
        _shared?.Dispose();
        _shared = null;
    }

    private string Prefix => FormattableString.Invariant($"client_{Id}.");

    private string SharedPrefix => Prefix + "shared.";
}
