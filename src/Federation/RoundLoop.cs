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
    private readonly ClientCorrections _corrections;
    private readonly ClientEvaluation _evaluation;
    private readonly Aggregation _aggregation;
    private readonly RunJournal _journal;
    private readonly IStrategy[] _schemes;

    public RoundLoop(
        Collaboration collaboration, CollaborationInputs inputs, RunSettings settings, RunFolder folder, Workspace workspace, ProgressMeter meter,
        CancellationToken stop)
    {
        (_collaboration, _options, _inputs, _settings) = (collaboration, collaboration.Options, inputs, settings);
        (_folder, _workspace, _meter, _stop) = (folder, workspace, meter, stop);
        _clients = [.. inputs.Data.Clients.Select((data, id) => new Client(id, data, workspace))];
        _corrections = new ClientCorrections(workspace, _clients);
        _evaluation = new ClientEvaluation(workspace, _clients, meter.Advance);
        _aggregation = new Aggregation(workspace, _clients, _evaluation, inputs.Data, folder, settings.KeepRounds, meter, _corrections);
        _journal = new RunJournal(folder, _options, _clients);
        var context = StrategyContext.Of(_options, inputs.Data);
        _schemes = [.. _options.Schemes.Select(name => StrategyRegistry.Create(name, context))];
    }

    private RunProgress Progress
    {
        get => _journal.Progress;
        set => _journal.Progress = value;
    }

    public RunSummary Run()
    {
        if (_folder.State == RunState.Interrupted) Restore();
        _folder.WriteManifest(_inputs.Data.Manifest);
        if (_inputs.Start is { } start) _folder.WriteStart(start, _workspace.Model.Config, _inputs.ModelName);
        try
        {
            EvaluateBase();
            TrainShared();
            for (int stage = 0; stage < _schemes.Length; stage++) RunScheme(stage);
        }
        catch (OperationCanceledException)
        {
            _journal.Save();
            throw;
        }
        return Conclude();
    }

    private void Restore()
    {
        _journal.Restore(note => _meter.Tell(o => o.Noted(note)));
        string stage = Progress.Stage < 0 ? SharedStage : _options.Schemes[Progress.Stage];
        _meter.Tell(o => o.Noted($"resumed from {_folder.Root}: {stage}, iteration {Progress.Iteration}"));
    }

    private void EvaluateBase()
    {
        if (Progress.Base is not null) return;
        var line = MetricsLine.Of("base", 0, EvaluationPhase.Base, _evaluation.OfBase(_stop), LeftOut.Of(_options, _clients.Length, null)?.Keys);
        _folder.Log("metrics").Append(line);
        _meter.Tell(o => o.Evaluated(line));
        Progress = Progress with { Base = line };
    }

    /// <summary>The iterations before the first aggregation: the same under every scheme that trains as the others do until then.</summary>
    private void TrainShared()
    {
        int last = _options.SharedIterations;
        if (Progress.Stage >= 0 || _schemes.All(s => s.Local.FreezeA)) return;
        foreach (int boundary in Boundaries(last))
        {
            Train(boundary, SharedStage);
            Progress = Progress with { Iteration = boundary };
            SaveWhereDue(boundary, last);
        }
        bool before = !_options.Compat.IsPaper(Trap.EvaluatedAfterOnly);
        _journal.SaveShared(before ? _evaluation.Of(SharedStage, last, _stop) : null);
        _journal.BeginStage(0, StartOf(_schemes[0]));
        _journal.Save();
    }

    private int StartOf(IStrategy scheme) => scheme.Local.FreezeA ? 0 : _options.SharedIterations;

    private void RunScheme(int stage)
    {
        var scheme = _schemes[stage];
        if (Progress.Finished.ContainsKey(scheme.Name)) return;
        if (Progress.Stage < stage) _journal.BeginStage(stage, StartOf(scheme));
        _journal.Follow(scheme);
        _corrections.Set(scheme.Corrections);
        if (Progress.Round == 0 && !scheme.Local.FreezeA) Aggregate(scheme, Progress.Iteration, Progress.AfterShared);
        foreach (int boundary in Boundaries(_options.Iterations))
        {
            Train(boundary, scheme.Name);
            // Until all that is due here is done progress stays behind: resuming finds the clients ahead of it and does the rest.
            if (_options.AggregatesAfter(boundary)) Aggregate(scheme, boundary);
            else Progress = Progress with { Iteration = boundary };
            SaveWhereDue(boundary, _options.Iterations);
        }
        Finish(scheme);
    }

    /// <summary>The steps from here to the last after which everybody halts: where an aggregation or a checkpoint is due, and the last.</summary>
    private IEnumerable<int> Boundaries(int last) => Enumerable.Range(Progress.Iteration + 1, Math.Max(0, last - Progress.Iteration))
        .Where(i => i == last || i % _settings.CheckpointEvery == 0 || _options.AggregatesAfter(i));

    private void SaveWhereDue(int boundary, int last)
    {
        if (boundary % _settings.CheckpointEvery == 0 && boundary < last) _journal.Save();
    }

    private void Aggregate(IStrategy scheme, int iteration, IReadOnlyList<ClientMetrics>? known = null)
    {
        int round = Progress.Round + 1;
        var totals = _aggregation.Run(scheme, iteration, round, known, Progress.Totals, _stop);
        Progress = Progress with { Iteration = iteration, Round = round, Totals = totals };
    }

    /// <summary>Trains everybody who is not excluded; an attacker who fails, and anybody where a run goes on without bad uploads, is excluded.</summary>
    private void Train(int last, string stage)
    {
        var excluded = Progress.Totals.Excluded ?? [];
        var failures = new Exclusion?[_clients.Length];
        _workspace.Lanes.ForEach(_clients.Length, (lane, i) =>
        {
            if (excluded.All(e => e.Client != i)) failures[i] = Train(lane, _clients[i], last, stage);
        });
        Exclusion[] failed = [.. failures.OfType<Exclusion>()];
        if (failed.Length == 0) return;
        Progress = Progress with { Totals = Progress.Totals with { Excluded = [.. excluded, .. failed] } };
        LeftOut.RequireSome(LeftOut.Of(_options, _clients.Length, Progress.Totals.Excluded), _clients.Length, stage, last);
        foreach (var failure in failed)
        {
            _clients[failure.Client].Exclude();
            _meter.Tell(o => o.Noted($"scheme {stage}: client {failure.Client} is left out from iteration {failure.Iteration} on: {failure.Reason}"));
        }
    }

    /// <returns>Why the client takes no more part; null: it trained.</returns>
    private Exclusion? Train(Lane lane, Client client, int last, string stage)
    {
        bool excludes = _options.OnBadUpload == BadUploadRule.Exclude || client.Attacks;
        double work = ITrustRound.TrainingCost * _options.BatchSize * _options.AccumulationSteps * _options.SequenceLength;
        try
        {
            client.StepTo(last, lane, () => _meter.Advance(stage, (int)client.Trainer.Steps, work), _stop);
        }
        catch (ComputationFailedException e) when (excludes)
        {
            return Failed($"its training failed: {e.Message}");
        }
        catch (ComputationFailedException e)
        {
            throw new CollaborationFailedException($"scheme {stage}, client {client.Id}, iteration {client.Trainer.Steps + 1}: {e.Message}", e);
        }
        return excludes && !Array.TrueForAll(client.Adapter(), float.IsFinite) ? Failed("its training gave an adapter that is not finite") : null;

        Exclusion Failed(string reason) => new(client.Id, Progress.Round + 1, (int)client.Trainer.Steps + 1, reason);
    }

    private void Finish(IStrategy scheme)
    {
        foreach (var client in _clients)
        {
            var adapter = new PeftAdapter(_workspace.Lora, client.Adapter()) { Correction = scheme.Corrections?[client.Id] };
            _folder.WriteAdapter(scheme.Name, client.Id, adapter, _workspace.Model.Config, _inputs.ModelName);
        }
        double[] trustLosses = _evaluation.OnTrustText(_stop);
        _journal.Lap();
        var summary = SchemeSummary.Of(_options, _inputs.Data, Progress, trustLosses, scheme.Declared.Mixes ? Progress.Round : 0);
        Progress = Progress with { Finished = new(Progress.Finished) { [scheme.Name] = summary } };
        _meter.Tell(o => o.Finished(scheme.Name, summary));
        _journal.Save();
    }

    private RunSummary Conclude()
    {
        _journal.Lap();
        var summary = RunSummary.Of(_collaboration.Identity, _inputs, Progress);
        _folder.Finish(_options, summary);
        return summary;
    }

    public void Dispose()
    {
        _corrections.Dispose();
        foreach (var client in _clients) client.Dispose();
    }
}
