using System.Diagnostics;

namespace LoraCollab.Federation.Runs;

/// <summary>How far a run is, the time it has taken, and the checkpoints it can go on from.</summary>
internal sealed class RunJournal(RunFolder folder, CollaborationOptions options, IReadOnlyList<Client> clients)
{
    private readonly Checkpoints _checkpoints = new(folder);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TensorBag? _shared, _restored;
    private IStrategy? _scheme;

    public RunProgress Progress { get; set; } = new();

    /// <summary>Stores progress and clients as they are.</summary>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public void Save()
    {
        Lap();
        Progress = Progress with
        {
            LogLengths = RunFolder.Logs.ToDictionary(name => name, name => folder.Log(name).Length),
            TrainLosses = [.. clients.Select(c => c.TrainLoss)],
        };
        _checkpoints.Save(Progress, Bag());
    }

    /// <summary>Takes progress and clients from the last checkpoint that is whole, and drops what the logs hold beyond it.</summary>
    /// <param name="note">Told of a checkpoint that is not.</param>
    /// <exception cref="UserException">None is whole.</exception>
    public void Restore(Action<string> note)
    {
        (Progress, var bag) = _checkpoints.Load(options, clients.Count, note);
        Place(bag, Progress.TrainLosses);
        _restored = bag;
        foreach (var (name, length) in Progress.LogLengths) folder.Log(name).CutTo(length);
    }

    /// <summary>The clients stand where the shared iterations end: every scheme will begin here.</summary>
    public void SaveShared(IReadOnlyList<ClientMetrics>? evaluation)
    {
        Lap();
        _shared = Bag();
        _checkpoints.SaveShared(_shared);
        Progress = Progress with
        {
            AfterShared = evaluation,
            SharedTrainLosses = [.. clients.Select(c => c.TrainLoss)],
            SharedExcluded = Progress.Totals.Excluded,
        };
    }

    /// <summary>From here on checkpoints hold what this scheme remembers; after a resumption it is given it back.</summary>
    public void Follow(IStrategy scheme)
    {
        _scheme = scheme;
        if (_restored is not null) scheme.Load(_restored);
        foreach (var client in clients) client.Follow(scheme.Local);
    }

    /// <summary>Puts the clients where the next scheme begins: where the shared iterations ended or, at iteration 0, before the first step.</summary>
    public void BeginStage(int stage, int iteration)
    {
        (_restored, _scheme) = (null, null);
        if (iteration == 0)
            foreach (var client in clients) client.Restart();
        else
            Place(_shared ??= _checkpoints.LoadShared(), Progress.SharedTrainLosses);
        var totals = new StageTotals { Excluded = iteration == 0 ? null : Progress.SharedExcluded };
        Progress = Progress with { Stage = stage, Iteration = iteration, Round = 0, Totals = totals };
    }

    /// <summary>Books the time since the last lap to the run, and to the shared iterations or the present scheme.</summary>
    public void Lap()
    {
        double seconds = _watch.Elapsed.TotalSeconds;
        _watch.Restart();
        bool shared = Progress.Stage < 0;
        Progress = Progress with
        {
            Seconds = Progress.Seconds + seconds,
            SharedSeconds = Progress.SharedSeconds + (shared ? seconds : 0),
            Totals = shared ? Progress.Totals : Progress.Totals with { Seconds = Progress.Totals.Seconds + seconds },
        };
    }

    private TensorBag Bag()
    {
        var bag = new TensorBag();
        foreach (var client in clients) client.Save(bag);
        _scheme?.Save(bag);
        return bag;
    }

    private void Place(TensorBag bag, IReadOnlyList<TrainLossSum> trainLosses)
    {
        foreach (var client in clients)
        {
            client.Load(bag);
            client.TrainLoss = trainLosses[client.Id];
        }
    }
}
