using LoraCollab.Data;
using LoraCollab.Engine;
using LoraCollab.Kernels;

namespace LoraCollab.Federation;

/// <summary>One aggregation: evaluate → score → weights → keep the adapters → mix → evaluate → logs. Nothing is written to a log before all of it is done.</summary>
internal sealed class Aggregation(
    Workspace workspace, IReadOnlyList<Client> clients, ClientEvaluation evaluation, FederatedData data, RunFolder folder, KeepRounds keep, ProgressMeter meter,
    ClientCorrections corrections)
{
    private readonly Topology _topology = Topology.Parse(workspace.Options.Topology, clients.Count);
    private readonly FlatLayout _layout = LoraLayout.Of(workspace.Model.Config, workspace.Lora);

    /// <param name="known">The evaluation before it, where it was made already.</param>
    /// <param name="totals">What the scheme has used so far.</param>
    /// <returns>The same with this round.</returns>
    public StageTotals Run(ITrustScheme scheme, int iteration, int round, IReadOnlyList<ClientMetrics>? known, StageTotals totals, CancellationToken stop)
    {
        var options = workspace.Options;
        bool mixes = scheme.Exchange != Exchange.None, evaluatesBefore = !options.Compat.IsPaper(Trap.EvaluatedAfterOnly);
        var before = known ?? (evaluatesBefore || !mixes ? evaluation.Of(scheme.Name, iteration, stop) : null);
        var lane = workspace.Lanes.First.Backend;
        lane.Phase = OpPhase.Trust;
        var uploads = mixes ? Send(scheme, iteration) : null;
        var adapters = uploads is null ? RoundAdapters.Of(clients) : RoundAdapters.Of(clients, [.. uploads.Select(u => u.Adapter)]);
        var asked = new TrustRound(workspace, data, adapters, _topology, iteration, tokens => meter.Advance(scheme.Name, iteration, tokens), stop);
        var scores = scheme.Score(asked);
        var trust = TrustMatrix.From(scores, TrustRule.Of(options, scheme.Name, _topology));
        stop.ThrowIfCancellationRequested();

        // From here on nothing stops it: the adapters change.
        IReadOnlyList<LedgerEntry> lines = [];
        TrustLine? line = null;
        if (uploads is not null)
        {
            KeepAdapters(scheme.Name, iteration, asked.Adapters);
            var mixed = scheme.Mix(asked, trust);
            line = TrustLine.Of(workspace.Shape, scheme.Name, iteration, round, scores, trust, asked.Adapters);
            var moments = Receive(uploads, mixed, trust);
            corrections.Set(scheme.Corrections);
            var traffic = new RoundTraffic(uploads, mixed.Received)
            {
                Broadcast = mixed.Broadcast,
                Corrections = mixed.Corrections,
                From = FirstSent(scheme),
                Predictions = asked.AskedPredictions,
                Losses = asked.AskedLosses?.Mean,
                Moments = moments?.Sent,
                MixedMoments = moments?.Mixed,
            };
            lines = Count(traffic, scheme, iteration);
        }
        lane.Phase = OpPhase.Other;
        foreach (var client in clients.Where(_ => before is not null)) client.TrainLoss = default;
        bool changed = mixes && !(before is not null && clients.All(c => c.KeepsOwn));
        var after = changed ? evaluation.Of(scheme.Name, iteration, CancellationToken.None) : before!;
        foreach (var client in clients) client.TrainLoss = default;
        Log(scheme.Name, iteration, evaluatesBefore ? before : null, after, line, lines);
        return totals with
        {
            BytesUp = totals.BytesUp + lines.Where(l => l.Direction == Direction.Up).Sum(l => l.Bytes),
            BytesDown = totals.BytesDown + lines.Where(l => l.Direction == Direction.Down).Sum(l => l.Bytes),
            TrustEvaluations = totals.TrustEvaluations + asked.Evaluations,
            Trust = trust.ToArray(),
            Before = evaluatesBefore ? before : null,
            After = after,
        };
    }

    /// <summary>The first number of an adapter that travels: of B alone where A never changes.</summary>
    private int FirstSent(ITrustScheme scheme) => scheme.Exchange == Exchange.FactorsB ? workspace.Shape.Targets[0].BOffset : 0;

    /// <summary>[N]: the clients' uploads; nobody sees anything else of their adapters.</summary>
    private Upload[] Send(ITrustScheme scheme, int iteration)
    {
        var channel = UploadChannel.Of(workspace.Options, _layout, FirstSent(scheme));
        return [.. clients.Select(c => channel.Send(c.Upload(), c.Anchor, c.Unsent, c.Id, iteration))];
    }

    /// <summary>Every client takes its mixed adapter; its optimiser stays, begins anew or is mixed too.</summary>
    private MixedMoments? Receive(Upload[] uploads, Mixed mixed, TrustMatrix trust)
    {
        var lane = workspace.Lanes.First.Backend;
        bool replaced = clients.All(c => c.ReplacesSent);
        var moments = replaced && workspace.Options.OptimizerState == OptimizerStateRule.Aggregate ? MixedMoments.Apply(clients, trust, lane) : null;
        foreach (var client in clients)
        {
            client.Unsent = replaced ? uploads[client.Id].Unsent : null;
            client.Receive(mixed.Received[client.Id], mixed.Pull?[client.Id] ?? 1);
            if (replaced && workspace.Options.OptimizerState == OptimizerStateRule.Reset) client.Sent.Optimiser.Reset(lane);
        }
        return moments;
    }

    private IReadOnlyList<LedgerEntry> Count(RoundTraffic traffic, ITrustScheme scheme, int iteration)
    {
        var parcels = traffic.Parcels(scheme.Exchange, workspace.Options.Exchange, _topology).ToArray();
        foreach (var (client, direction, parcel) in parcels) meter.Tell(o => o.Travelled(scheme.Name, iteration, client, direction, parcel));
        return RoundTraffic.Entries(scheme.Name, iteration, parcels);
    }

    private void KeepAdapters(string scheme, int iteration, IReadOnlyList<float[]> adapters)
    {
        if (keep == KeepRounds.None) return;
        string file = folder.RoundFile(scheme, iteration), rounds = Path.GetDirectoryName(file)!;
        if (keep == KeepRounds.Last && Directory.Exists(rounds)) Directory.Delete(rounds, recursive: true);
        RoundFile.Write(file, _layout, adapters);
    }

    private void Log(string scheme, int iteration, IReadOnlyList<ClientMetrics>? before, IReadOnlyList<ClientMetrics> after, TrustLine? trust, IReadOnlyList<LedgerEntry> ledger)
    {
        var metrics = new List<MetricsLine>();
        if (before is not null) metrics.Add(MetricsLine.Of(scheme, iteration, EvaluationPhase.Before, before));
        metrics.Add(MetricsLine.Of(scheme, iteration, EvaluationPhase.After, after));
        folder.Log("metrics").Append<MetricsLine>(metrics);
        if (trust is not null) folder.Log("trust").Append(trust);
        if (ledger.Count > 0) folder.Log("ledger").Append<LedgerEntry>(ledger);
        foreach (var line in metrics) meter.Tell(o => o.Evaluated(line));
        if (trust is not null) meter.Tell(o => o.Aggregated(trust));
    }
}
