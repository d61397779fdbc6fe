using LoraCollab.Data;
using LoraCollab.Engine;

namespace LoraCollab.Federation;

/// <summary>One client of a run: its text, its adapter and optimiser, and where its adapter began and was last mixed.</summary>
internal sealed class Client : IDisposable
{
    public Client(int id, ClientData data, Workspace workspace)
    {
        (Id, Data) = (id, data);
        var options = workspace.Options;
        uint draw = options.Compat.IsPaper(Trap.OwnA) ? (uint)id : 0;
        Initial = LoraAdapter.InitialValues(workspace.Model.Config, workspace.Lora, options.LoraInit!.Value, options.Seed, draw);
        Trainer = new LoraTrainer(workspace.Model, workspace.Lora, workspace.Training, (uint)id);
        Trainer.Adapter.Upload(Initial);
        Anchor = Initial;
        Fill = new BatchSampler(data.Train, options.SequenceLength, options.Seed, id).Fill;
    }

    public int Id { get; }

    public ClientData Data { get; }

    public LoraTrainer Trainer { get; }

    /// <summary>Its training batches: the same under every scheme.</summary>
    public BatchFill Fill { get; }

    /// <summary>The adapter before training.</summary>
    public float[] Initial { get; }

    /// <summary>The adapter after the last mix; before the first the initial one.</summary>
    public float[] Anchor { get; set; }

    /// <summary>Training losses since the last evaluation.</summary>
    public TrainLossSum TrainLoss { get; set; }

    /// <summary>A copy of its adapter, as it would be sent.</summary>
    public float[] Adapter()
    {
        var flat = new float[Trainer.Adapter.Layout.Length];
        Trainer.Adapter.Download(flat);
        return flat;
    }

    public void Save(TensorBag bag, Workspace workspace)
    {
        Trainer.Save(bag, Prefix, workspace.Model.Backend);
        bag.Add(Prefix + "anchor", [Anchor.Length], Anchor);
    }

    public void Load(TensorBag bag, Workspace workspace)
    {
        Trainer.Load(bag, Prefix, workspace.Model.Backend);
        Anchor = bag.Floats(Prefix + "anchor");
    }

    public void Dispose() => Trainer.Dispose();

    private string Prefix => FormattableString.Invariant($"client_{Id}.");
}
