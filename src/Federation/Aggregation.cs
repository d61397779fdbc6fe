namespace LoraCollab.Federation;

/// <summary>One aggregation: collect → score → exchange → measure → log. Nothing is written to a log before all of it is done.</summary>
internal sealed class Aggregation(
    Workspace workspace, IReadOnlyList<Client> clients, ClientEvaluation evaluation, FederatedData data, RunFolder folder, KeepRounds keep, ProgressMeter meter,
    ClientCorrections corrections)
{
    private readonly CollaborationOptions _options = workspace.Options;
    private readonly ComputeBackend _lane = workspace.Lanes.First.Backend;
    private readonly Topology _topology = Topology.Parse(workspace.Options.Topology, clients.Count);
    private readonly FlatLayout _layout = LoraLayout.Of(workspace.Model.Config, workspace.Lora);
    private readonly bool _measuresBefore = !workspace.Options.Compat.IsPaper(Trap.EvaluatedAfterOnly);

    /// <summary>A round whose uploads are checked.</summary>
    /// <param name="Uploads">Null where the scheme mixes nothing.</param>
    /// <param name="Excluded">Clients that take no more part after it; null: none.</param>
    private sealed record Round(IStrategy Scheme, int Iteration, int Number, RoundUploads? Uploads, IReadOnlyList<Exclusion>? Excluded)
    {
        /// <summary>Clients whose uploads did not pass the check.</summary>
        public int[] Refused { get; } = [.. (Uploads?.Refused ?? []).Select(r => r.Why.Client)];
    }

    /// <summary>What the scheme made of it.</summary>
    private sealed record Scored(RoundAdapters Adapters, TrustRound Asked, TrustScores Scores, TrustMatrix Trust);

    /// <param name="number">1 for the scheme's first.</param>
    /// <param name="known">The evaluation before it, where it was made already.</param>
    /// <param name="totals">What the scheme has used so far.</param>
    /// <returns>The same with this round.</returns>
    public StageTotals Run(IStrategy scheme, int iteration, int number, IReadOnlyList<ClientMetrics>? known, StageTotals totals, CancellationToken stop)
    {
        _lane.Phase = OpPhase.Trust;
        var round = Collect(scheme, iteration, number, totals.Excluded);
        var before = known ?? MeasureBefore(round, stop);
        var scored = Score(round, stop);
        stop.ThrowIfCancellationRequested();

        // From here on nothing stops it: the adapters change.
        var (line, ledger) = round.Uploads is { } uploads ? Exchange(round, uploads, scored) : (null, []);
        _lane.Phase = OpPhase.Other;
        (before, var after) = MeasureAfter(round, before);
        Log(round, before, after, line, ledger);
        return totals with
        {
            BytesUp = totals.BytesUp + ledger.Where(l => l.Direction == Direction.Up).Sum(l => l.Bytes),
            BytesDown = totals.BytesDown + ledger.Where(l => l.Direction == Direction.Down).Sum(l => l.Bytes),
            TrustEvaluations = totals.TrustEvaluations + scored.Asked.Evaluations,
            Excluded = round.Excluded,
            LargestUpload = round.Uploads?.Largest is { } largest ? Math.Max(largest, totals.LargestUpload ?? 0) : totals.LargestUpload,
            Trust = scored.Adapters.Who.SpreadTrust(scored.Trust.ToArray()),
            Before = before,
            After = after,
        };
    }

    private bool MixesMoments => _options.OptimizerState == OptimizerStateRule.Aggregate && clients.All(c => c.ReplacesSent);

    /// <summary>The first number of an adapter that travels: of B alone where A never changes.</summary>
    private int FirstSent(IStrategy scheme) => scheme.Local.FreezeA ? workspace.Shape.Targets[0].BOffset : 0;

    /// <summary>The uploads of those who are neither excluded nor silent in this round.</summary>
    /// <exception cref="CollaborationFailedException">An upload is bad and the run is to stop, or no client is left whose result counts.</exception>
    private Round Collect(IStrategy scheme, int iteration, int number, IReadOnlyList<Exclusion>? excluded)
    {
        RoundUploads? uploads = null;
        if (scheme.Declared.Mixes)
        {
            var who = Participation.All(clients.Count).Without((excluded ?? []).Select(e => e.Client));
            if (_options.Absent is { } share) who = who.WithoutSilent(share, _options.Seed, iteration);
            uploads = RoundUploads.Collect(_options, clients, _layout, FirstSent(scheme), MixesMoments, scheme.Name, iteration, number, who);
            if (uploads.Note is { } note) meter.Tell(o => o.Noted(note));
            if (uploads.Refused.Count > 0) excluded = [.. excluded ?? [], .. uploads.Refused.Select(r => r.Why)];
        }
        LeftOut.RequireSome(LeftOut.Of(_options, clients.Count, excluded), clients.Count, scheme.Name, iteration);
        return new Round(scheme, iteration, number, uploads, excluded);
    }

    /// <returns>Null in the place of a client whose upload was refused, and where only the time after a mix is evaluated.</returns>
    private ClientMetrics[]? MeasureBefore(Round round, CancellationToken stop) =>
        _measuresBefore || round.Uploads is null ? evaluation.Of(round.Scheme.Name, round.Iteration, stop, round.Refused) : null;

    private Scored Score(Round round, CancellationToken stop)
    {
        var (scheme, iteration) = (round.Scheme, round.Iteration);
        var adapters = round.Uploads is { } uploads ? RoundAdapters.Of(uploads.Who, clients, [.. uploads.Good.Select(u => u.Adapter)])
            : RoundAdapters.Of(Participation.All(clients.Count), clients);
        var asked = new TrustRound(workspace, data, adapters, _topology, iteration, tokens => meter.Advance(scheme.Name, iteration, tokens), stop);
        try
        {
            var scores = scheme.Score(asked);
            return new Scored(adapters, asked, scores, TrustMatrix.From(scores, TrustRule.Of(_options, scheme.Name, _topology.Among(adapters.Who))));
        }
        catch (InvalidOperationException e)
        {
            // Scores that are no weights: of uploads that were let through unchecked, or so long that their losses are not finite.
            throw new CollaborationFailedException($"scheme {scheme.Name}, iteration {iteration}: {e.Message}", e);
        }
    }

    /// <summary>Keeps what was sent, mixes, and hands everybody what they receive.</summary>
    private (TrustLine Line, IReadOnlyList<LedgerEntry> Ledger) Exchange(Round round, RoundUploads uploads, Scored scored)
    {
        var (scheme, iteration) = (round.Scheme, round.Iteration);
        folder.KeepRound(_options, keep, scheme.Name, iteration, _layout, scored.Adapters);
        var mixed = scheme.Mix(scored.Asked, scored.Trust);
        var line = TrustLine.Of(workspace.Shape, scheme.Name, iteration, round.Number, scored.Scores, scored.Trust, scored.Adapters);
        foreach (int client in round.Refused) clients[client].Exclude();
        var moments = Receive(uploads, mixed, scored.Trust);
        corrections.Set(scheme.Corrections);
        var traffic = new RoundTraffic(uploads.Good, mixed.Received)
        {
            Ids = uploads.Who.Present,
            Refused = [.. uploads.Refused.Select(r => (r.Why.Client, r.Upload))],
            Broadcast = mixed.Broadcast,
            Corrections = mixed.Corrections,
            From = FirstSent(scheme),
            Predictions = scored.Asked.AskedPredictions,
            Losses = scored.Asked.AskedLosses?.Mean,
            Moments = moments?.Sent,
            MixedMoments = moments?.Mixed,
        };
        var parcels = traffic.Parcels(scheme.Traffic, _options.Exchange, _topology).ToArray();
        foreach (var (client, direction, parcel) in parcels) meter.Tell(o => o.Travelled(scheme.Name, iteration, client, direction, parcel));
        return (line, RoundTraffic.Entries(scheme.Name, iteration, parcels));
    }

    /// <summary>Every client that takes part takes its mixed adapter; its optimiser stays, begins anew or is mixed too.</summary>
    private MixedMoments? Receive(RoundUploads uploads, Mixed mixed, TrustMatrix trust)
    {
        var present = uploads.Who.Of(clients);
        bool replaced = clients.All(c => c.ReplacesSent);
        var moments = MixesMoments ? MixedMoments.Apply(present, trust, _lane) : null;
        foreach (var client in clients.Except(present)) client.Missed++;
        for (int i = 0; i < present.Count; i++)
        {
            present[i].Unsent = replaced ? uploads.Good[i].Unsent : null;
            present[i].Receive(mixed.Received[i], mixed.Pull?[i] ?? 1);
            if (replaced && _options.OptimizerState == OptimizerStateRule.Reset) present[i].Sent.Optimiser.Reset(_lane);
        }
        return moments;
    }

    /// <summary>The clients as they are now; where nothing that is evaluated has changed, as they were.</summary>
    private (IReadOnlyList<ClientMetrics>? Before, IReadOnlyList<ClientMetrics> After) MeasureAfter(Round round, IReadOnlyList<ClientMetrics>? before)
    {
        if (before is not null) ForgetTrainLosses();
        bool changed = round.Uploads is not null && !(before is not null && round.Refused.Length == 0 && clients.All(c => c.KeepsOwn));
        var after = changed ? evaluation.Of(round.Scheme.Name, round.Iteration, CancellationToken.None) : before!;
        ForgetTrainLosses();
        return (before is null || !_measuresBefore ? null : [.. before.Select((b, i) => b ?? after[i])], after);

        void ForgetTrainLosses()
        {
            foreach (var client in clients) client.TrainLoss = default;
        }
    }

    private void Log(Round round, IReadOnlyList<ClientMetrics>? before, IReadOnlyList<ClientMetrics> after, TrustLine? trust, IReadOnlyList<LedgerEntry> ledger)
    {
        var leftOut = LeftOut.Of(_options, clients.Count, round.Excluded)?.Keys;
        MetricsLine Line(EvaluationPhase phase, IReadOnlyList<ClientMetrics> found) =>
            MetricsLine.Of(round.Scheme.Name, round.Iteration, phase, found, leftOut);
        MetricsLine[] metrics = [.. before is null ? (MetricsLine[])[] : [Line(EvaluationPhase.Before, before)], Line(EvaluationPhase.After, after)];
        folder.Log("metrics").Append<MetricsLine>(metrics);
        if (trust is not null) folder.Log("trust").Append(trust);
        if (ledger.Count > 0) folder.Log("ledger").Append<LedgerEntry>(ledger);
        foreach (var line in metrics) meter.Tell(o => o.Evaluated(line));
        if (trust is not null) meter.Tell(o => o.Aggregated(trust));
    }
}
