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
    public StageTotals Run(IStrategy scheme, int iteration, int round, IReadOnlyList<ClientMetrics>? known, StageTotals totals, CancellationToken stop)
    {
        var options = workspace.Options;
        bool mixes = scheme.Traffic != Traffic.None, evaluatesBefore = !options.Compat.IsPaper(Trap.EvaluatedAfterOnly);
        var lane = workspace.Lanes.First.Backend;
        lane.Phase = OpPhase.Trust;
        var uploads = mixes ? Collect(scheme, iteration, round, totals.Excluded) : null;
        lane.Phase = OpPhase.Other;
        int[] refused = [.. (uploads?.Refused ?? []).Select(r => r.Why.Client)];
        var excluded = refused.Length == 0 ? totals.Excluded : [.. totals.Excluded ?? [], .. uploads!.Refused.Select(r => r.Why)];
        var leftOut = LeftOut.Of(options, clients.Count, excluded);
        LeftOut.RequireSome(leftOut, clients.Count, scheme.Name, iteration);
        var before = known ?? (evaluatesBefore || !mixes ? evaluation.Of(scheme.Name, iteration, stop, refused) : null);
        lane.Phase = OpPhase.Trust;
        var adapters = uploads is null ? RoundAdapters.Of(Participation.All(clients.Count), clients)
            : RoundAdapters.Of(uploads.Who, clients, [.. uploads.Good.Select(u => u.Adapter)]);
        var asked = new TrustRound(workspace, data, adapters, _topology, iteration, tokens => meter.Advance(scheme.Name, iteration, tokens), stop);
        var (scores, trust) = Score(scheme, asked, TrustRule.Of(options, scheme.Name, _topology.Among(adapters.Who)), iteration);
        stop.ThrowIfCancellationRequested();

        // From here on nothing stops it: the adapters change.
        IReadOnlyList<LedgerEntry> lines = [];
        TrustLine? line = null;
        if (uploads is not null)
        {
            folder.KeepRound(options, keep, scheme.Name, iteration, _layout, adapters);
            var mixed = scheme.Mix(asked, trust);
            line = TrustLine.Of(workspace.Shape, scheme.Name, iteration, round, scores, trust, adapters);
            foreach (int client in refused) clients[client].Exclude();
            var moments = Receive(uploads, mixed, trust);
            corrections.Set(scheme.Corrections);
            var traffic = new RoundTraffic(uploads.Good, mixed.Received)
            {
                Ids = uploads.Who.Present,
                Refused = [.. uploads.Refused.Select(r => (r.Why.Client, r.Upload))],
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
        bool changed = mixes && !(before is not null && refused.Length == 0 && clients.All(c => c.KeepsOwn));
        var after = changed ? evaluation.Of(scheme.Name, iteration, CancellationToken.None) : before!;
        before = before is null ? null : [.. before.Select((b, i) => b ?? after[i])];
        foreach (var client in clients) client.TrainLoss = default;
        Log(scheme.Name, iteration, evaluatesBefore ? before : null, after, leftOut?.Keys, line, lines);
        return totals with
        {
            BytesUp = totals.BytesUp + lines.Where(l => l.Direction == Direction.Up).Sum(l => l.Bytes),
            BytesDown = totals.BytesDown + lines.Where(l => l.Direction == Direction.Down).Sum(l => l.Bytes),
            TrustEvaluations = totals.TrustEvaluations + asked.Evaluations,
            Excluded = excluded,
            LargestUpload = uploads?.Largest is { } largest ? Math.Max(largest, totals.LargestUpload ?? 0) : totals.LargestUpload,
            Trust = adapters.Who.SpreadTrust(trust.ToArray()),
            Before = evaluatesBefore ? before : null,
            After = after,
        };
    }

    /// <summary>The first number of an adapter that travels: of B alone where A never changes.</summary>
    private int FirstSent(IStrategy scheme) => scheme.Traffic == Traffic.FactorsB ? workspace.Shape.Targets[0].BOffset : 0;

    private bool MixesMoments => workspace.Options.OptimizerState == OptimizerStateRule.Aggregate && clients.All(c => c.ReplacesSent);

    /// <summary>The uploads of those who are neither excluded nor silent in this round.</summary>
    private RoundUploads Collect(IStrategy scheme, int iteration, int round, IReadOnlyList<Exclusion>? excluded)
    {
        var options = workspace.Options;
        var who = Participation.All(clients.Count).Without((excluded ?? []).Select(e => e.Client));
        if (options.Absent is { } share) who = who.WithoutSilent(share, options.Seed, iteration);
        var uploads = RoundUploads.Collect(options, clients, _layout, FirstSent(scheme), MixesMoments, scheme.Name, iteration, round, who);
        if (uploads.Note is { } note) meter.Tell(o => o.Noted(note));
        return uploads;
    }

    private static (TrustScores Scores, TrustMatrix Trust) Score(IStrategy scheme, TrustRound round, TrustRule rule, int iteration)
    {
        try
        {
            var scores = scheme.Score(round);
            return (scores, TrustMatrix.From(scores, rule));
        }
        catch (InvalidOperationException e)
        {
            // Scores that are no weights: of uploads that were let through unchecked, or so long that their losses are not finite.
            throw new CollaborationFailedException($"scheme {scheme.Name}, iteration {iteration}: {e.Message}", e);
        }
    }

    /// <summary>Every client that takes part takes its mixed adapter; its optimiser stays, begins anew or is mixed too.</summary>
    private MixedMoments? Receive(RoundUploads uploads, Mixed mixed, TrustMatrix trust)
    {
        var lane = workspace.Lanes.First.Backend;
        var present = uploads.Who.Of(clients);
        bool replaced = clients.All(c => c.ReplacesSent);
        var moments = MixesMoments ? MixedMoments.Apply(present, trust, lane) : null;
        foreach (var client in clients.Except(present)) client.Missed++;
        for (int i = 0; i < present.Count; i++)
        {
            present[i].Unsent = replaced ? uploads.Good[i].Unsent : null;
            present[i].Receive(mixed.Received[i], mixed.Pull?[i] ?? 1);
            if (replaced && workspace.Options.OptimizerState == OptimizerStateRule.Reset) present[i].Sent.Optimiser.Reset(lane);
        }
        return moments;
    }

    private IReadOnlyList<LedgerEntry> Count(RoundTraffic traffic, IStrategy scheme, int iteration)
    {
        var parcels = traffic.Parcels(scheme.Traffic, workspace.Options.Exchange, _topology).ToArray();
        foreach (var (client, direction, parcel) in parcels) meter.Tell(o => o.Travelled(scheme.Name, iteration, client, direction, parcel));
        return RoundTraffic.Entries(scheme.Name, iteration, parcels);
    }

    private void Log(string scheme, int iteration, IReadOnlyList<ClientMetrics>? before, IReadOnlyList<ClientMetrics> after, IReadOnlyCollection<int>? leftOut,
        TrustLine? trust, IReadOnlyList<LedgerEntry> ledger)
    {
        var metrics = new List<MetricsLine>();
        if (before is not null) metrics.Add(MetricsLine.Of(scheme, iteration, EvaluationPhase.Before, before, leftOut));
        metrics.Add(MetricsLine.Of(scheme, iteration, EvaluationPhase.After, after, leftOut));
        folder.Log("metrics").Append<MetricsLine>(metrics);
        if (trust is not null) folder.Log("trust").Append(trust);
        if (ledger.Count > 0) folder.Log("ledger").Append<LedgerEntry>(ledger);
        foreach (var line in metrics) meter.Tell(o => o.Evaluated(line));
        if (trust is not null) meter.Tell(o => o.Aggregated(trust));
    }
}
