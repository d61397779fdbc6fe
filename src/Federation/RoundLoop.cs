using System.Diagnostics;
using LoraCollab.Data;
using LoraCollab.Engine;

namespace LoraCollab.Federation;

/// <summary>
/// The loop: base → the iterations all schemes share → scheme by scheme {train → evaluate → score → mix → evaluate} → summary.
/// Between two boundaries (an aggregation, a checkpoint, the end) clients train on their own, on whichever lane is free.
/// </summary>
internal sealed class RoundLoop : IDisposable
{
    private const string SharedStage = "shared";

    private readonly Collaboration _collaboration;
    private readonly CollaborationOptions _options;
    private readonly CollaborationInputs _inputs;
    private readonly RunSettings _settings;
    private readonly RunFolder _folder;
    private readonly Workspace _workspace;
    private readonly ProgressMeter _meter;
    private readonly CancellationToken _stop;
    private readonly Client[] _clients;
    private readonly Aggregation _aggregation;
    private readonly ClientEvaluation _evaluation;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private RunProgress _progress = new();
    private TensorBag? _shared;

    public RoundLoop(Collaboration collaboration, CollaborationInputs inputs, RunSettings settings, RunFolder folder, Workspace workspace, ProgressMeter meter, CancellationToken stop)
    {
        (_collaboration, _options, _inputs, _settings) = (collaboration, collaboration.Options, inputs, settings);
        (_folder, _workspace, _meter, _stop) = (folder, workspace, meter, stop);
        _clients = [.. inputs.Data.Clients.Select((data, id) => new Client(id, data, workspace))];
        _evaluation = new ClientEvaluation(workspace, _clients, meter);
        _aggregation = new Aggregation(workspace, _clients, _evaluation, inputs.Data, folder, settings.KeepRounds, meter);
    }

    public RunSummary Run()
    {
        if (_folder.State == RunState.Interrupted) Restore();
        else _folder.WriteManifest(_inputs.Data.Manifest);
        try
        {
            EvaluateBase();
            TrainShared();
            for (int stage = 0; stage < _options.Schemes.Count; stage++) RunScheme(stage);
        }
        catch (OperationCanceledException)
        {
            SaveCheckpoint();
            throw;
        }
        return Conclude();
    }

    private void EvaluateBase()
    {
        if (_progress.Base is not null) return;
        var line = MetricsLine.Of("base", 0, EvaluationPhase.Base, _evaluation.OfBase(_stop));
        _folder.Log("metrics").Append(line);
        _meter.Tell(o => o.Evaluated(line));
        _progress = _progress with { Base = line };
    }

    /// <summary>The iterations before the first aggregation: the same under every scheme.</summary>
    private void TrainShared()
    {
        if (_progress.Stage >= 0) return;
        TrainTo(_options.SharedIterations, SharedStage, () => { });
        bool before = !_options.Compat.IsPaper(Trap.EvaluatedAfterOnly);
        var metrics = before ? _evaluation.Of(SharedStage, _options.SharedIterations, _stop) : null;
        _shared = Bag();
        Checkpoint.SaveShared(_folder, _shared);
        Lap(shared: true);
        _progress = _progress with { AfterShared = metrics, SharedTrainLosses = [.. _clients.Select(c => c.TrainLoss)] };
        BeginStage(0);
        SaveCheckpoint();
    }

    private void RunScheme(int stage)
    {
        string name = _options.Schemes[stage];
        if (_progress.Finished.ContainsKey(name)) return;
        if (_progress.Stage < stage) BeginStage(stage);
        var scheme = TrustSchemes.Create(name, new TrustSchemeContext(_options, _inputs.Data.Manifest.Distribution, _inputs.Data.Manifest.Categories.Count));
        if (_progress.Round == 0) Aggregate(scheme, _options.SharedIterations, _progress.AfterShared);
        TrainTo(_options.Iterations, name, () =>
        {
            if (_options.AggregatesAfter(_progress.Iteration)) Aggregate(scheme, _progress.Iteration, known: null);
        });
        Finish(name);
    }

    /// <summary>Trains to a step, halting at every boundary on the way; what is due at an aggregation is done before the checkpoint.</summary>
    private void TrainTo(int last, string stage, Action atBoundary)
    {
        while (_progress.Iteration < last)
        {
            int next = NextBoundary(_progress.Iteration, last);
            _workspace.Lanes.ForEach(_clients.Length, (lane, i) => Train(lane, _clients[i], next, stage));
            var here = _progress;
            _progress = here with { Iteration = next };
            try
            {
                atBoundary();
            }
            catch
            {
                _progress = here;
                throw;
            }
            if (next % _settings.CheckpointEvery == 0 && next < last) SaveCheckpoint();
        }
    }

    private int NextBoundary(int iteration, int last)
    {
        int next = iteration + 1;
        while (next < last && next % _settings.CheckpointEvery != 0 && !_options.AggregatesAfter(next)) next++;
        return next;
    }

    private void Train(Lane lane, Client client, int last, string stage)
    {
        double work = RunPlan.TrainingCost * _options.BatchSize * _options.AccumulationSteps * _options.SequenceLength;
        try
        {
            while (client.Trainer.Steps < last)
            {
                _stop.ThrowIfCancellationRequested();
                client.TrainLoss = client.TrainLoss.Plus(client.Trainer.Step(lane.Training, client.Fill));
                _meter.Advance(stage, (int)client.Trainer.Steps, work);
            }
        }
        catch (NonFiniteException e)
        {
            throw new CollaborationFailedException($"scheme {stage}, client {client.Id}, iteration {client.Trainer.Steps + 1}: {e.Message}", e);
        }
    }

    private void Aggregate(ITrustScheme scheme, int iteration, IReadOnlyList<ClientMetrics>? known)
    {
        var totals = _aggregation.Run(scheme, iteration, _progress.Round + 1, known, _progress.Totals, _stop);
        _progress = _progress with { Round = _progress.Round + 1, Totals = totals };
    }

    /// <summary>Puts all clients where the shared iterations ended.</summary>
    private void BeginStage(int stage)
    {
        _shared ??= Checkpoint.LoadShared(_folder);
        foreach (var client in _clients)
        {
            client.Load(_shared, _workspace);
            client.TrainLoss = _progress.SharedTrainLosses[client.Id];
        }
        _progress = _progress with { Stage = stage, Iteration = _options.SharedIterations, Round = 0, Totals = new StageTotals() };
    }

    private void Finish(string scheme)
    {
        foreach (var client in _clients)
            new PeftAdapter(_workspace.Lora, client.Adapter()).Save(_folder.AdapterFolder(scheme, client.Id), _workspace.Model.Config, _inputs.ModelName);
        double[] trustLosses = _evaluation.OnTrustText(_stop);
        Lap(shared: false);
        var summary = RunSummaries.OfScheme(_options, _inputs.Data, _progress, trustLosses, scheme == "local" ? 0 : _progress.Round);
        _progress = _progress with { Finished = new(_progress.Finished) { [scheme] = summary } };
        _meter.Tell(o => o.Finished(scheme, summary));
        SaveCheckpoint();
    }

    private RunSummary Conclude()
    {
        Lap(shared: null);
        var summary = RunSummaries.OfRun(_collaboration, _inputs, _progress);
        _folder.WriteSummary(summary);
        _folder.DropCheckpoints();
        return summary;
    }

    // ---- checkpoints ----

    private TensorBag Bag()
    {
        var bag = new TensorBag();
        foreach (var client in _clients) client.Save(bag, _workspace);
        return bag;
    }

    private void SaveCheckpoint()
    {
        Lap(shared: _progress.Stage < 0);
        _progress = _progress with
        {
            LogLengths = RunFolder.Logs.ToDictionary(name => name, name => _folder.Log(name).Length),
            TrainLosses = [.. _clients.Select(c => c.TrainLoss)],
        };
        Checkpoint.Save(_folder, _progress, Bag());
    }

    private void Restore()
    {
        (_progress, var bag) = Checkpoint.Load(_folder);
        foreach (var client in _clients)
        {
            client.Load(bag, _workspace);
            client.TrainLoss = _progress.TrainLosses[client.Id];
        }
        foreach (var (name, length) in _progress.LogLengths) _folder.Log(name).CutTo(length);
        string stage = _progress.Stage < 0 ? SharedStage : _options.Schemes[_progress.Stage];
        _meter.Tell(o => o.Noted($"resumed from {_folder.Root}: {stage}, iteration {_progress.Iteration}"));
    }

    /// <summary>Books the time since the last lap to the run, and to the shared iterations or the present scheme.</summary>
    private void Lap(bool? shared)
    {
        double seconds = _watch.Elapsed.TotalSeconds;
        _watch.Restart();
        _progress = _progress with
        {
            Seconds = _progress.Seconds + seconds,
            SharedSeconds = _progress.SharedSeconds + (shared == true ? seconds : 0),
            Totals = shared == false ? _progress.Totals with { Seconds = _progress.Totals.Seconds + seconds } : _progress.Totals,
        };
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
    }
}
