namespace LoraCollab.Federation.Analysis;

/// <summary>Takes the scores of a finished run apart, from the adapters that were stored at each round.</summary>
/// <param name="collaboration">The run's data, model and options.</param>
/// <param name="run">What it has written down.</param>
public sealed class TrustExplainer(Collaboration collaboration, RunRecord run)
{
    private readonly TrustReplay _replay = new(collaboration, run);

    /// <summary>Schemes whose scores can be taken apart.</summary>
    public static IReadOnlyList<string> Explained { get; } = StrategyRegistry.NamesOf(d => d.IsExplained);

    /// <summary>Why a client trusted another as it did.</summary>
    /// <param name="scheme">A scheme that ran.</param>
    /// <param name="client">i, who judges.</param>
    /// <param name="peer">j, who is judged.</param>
    /// <param name="round">Which aggregation, from 1; null: the last.</param>
    /// <exception cref="UserException">No such client, scheme or round, or one that cannot be explained; or the round's adapters were not kept.</exception>
    public TrustExplanation Explain(string scheme, int client, int peer, int? round, CancellationToken stop = default)
    {
        RequireScheme(scheme);
        RequireClients(client, peer);
        var lines = run.RoundsOf(scheme);
        int number = round ?? lines[^1].Round;
        if (lines.All(l => l.Round != number))
            throw new OptionException("round", number, $"the scheme {scheme} has the rounds {lines[0].Round} to {lines[^1].Round} in this run");
        var line = lines.First(l => l.Round == number);
        var frame = new TrustExplanation
        {
            Scheme = scheme,
            Iteration = line.Iteration,
            Round = number,
            Client = client,
            Peer = peer,
            Scores = line.Scores[client],
            Weights = line.Weights[client],
            Kind = "",
            Meaning = "",
            Columns = [],
            Parts = [],
        };
        if ((line.Absent ?? []).Intersect([client, peer]).ToArray() is [var missing, ..])
            throw new UserException($"client {missing} took no part in round {number} of {scheme}: it was silent or excluded, so there is no score");
        if (!double.IsFinite(frame.Score))
            throw new UserException($"client {client} never saw client {peer}: "
                + $"the topology {collaboration.Options.Topology} keeps them apart, so there is no score");
        return _replay.Create(run.Identity.Options, scheme).Explain(frame, new Pair(collaboration, run, _replay, frame, stop));
    }

    private void RequireScheme(string scheme)
    {
        string choose = $"choose one of {string.Join(", ", Explained.Intersect(_replay.Recorded))}";
        if (!_replay.Recorded.Contains(scheme)) throw new UserException($"{run.Folder}: the scheme {scheme} has no aggregations in this run; {choose}");
        if (!Explained.Contains(scheme))
            throw new UserException($"{scheme} has no explanation: its weights are no scores of pairs that could be taken apart; {choose}");
    }

    private void RequireClients(int client, int peer)
    {
        int clients = run.Manifest.Clients.Count;
        foreach (int c in (int[])[client, peer])
            if (c < 0 || c >= clients) throw new UserException($"client {c}: this run has the clients 0 to {clients - 1}");
        if (client == peer) throw new UserException($"clients {client} and {peer} are one: what a client thinks of itself is set, not found; give two");
    }

    /// <summary>Two clients of a recorded round. Its adapters are read when they are asked for: shares need none.</summary>
    private sealed class Pair(Collaboration collaboration, RunRecord run, TrustReplay replay, TrustExplanation frame, CancellationToken stop) : IExplainedPair
    {
        private readonly Lazy<RoundAdapters> _adapters = new(() => replay.Rounds(frame.Scheme).First(r => r.Line.Round == frame.Round).Adapters);
        private ITrustRound? _round;

        public ITrustRound Round => _round ??= replay.Ask(_adapters.Value, frame.Iteration, stop);

        public (int I, int J) Rows => (_adapters.Value.Who.IndexOf(frame.Client), _adapters.Value.Who.IndexOf(frame.Peer));

        public IReadOnlyList<(string Category, double Own, double Peer)> Shares =>
            [.. run.Manifest.Categories.Select((name, k) => (name, run.Shares[frame.Client][k], run.Shares[frame.Peer][k]))];

        public (string Kind, IReadOnlyList<JudgedPiece> Pieces) Judged()
        {
            var workspace = collaboration.Workspace();
            var text = new TrustText(workspace, frame.Client, collaboration.Inputs.Data.Clients[frame.Client], frame.Iteration);
            double[] Losses(int client, int row)
            {
                var pieces = new double[text.Pieces];
                text.Loss(workspace.Lanes.First, client, workspace.Lanes.First.Peer(_adapters.Value.Now[row]), pieces);
                return pieces;
            }
            // Where every pair has windows of its own, the two losses are of different text.
            bool paired = !workspace.Options.Compat.IsPaper(Trap.WindowsPerCell);
            double[] theirs = Losses(frame.Peer, Rows.J), own = paired ? Losses(frame.Client, Rows.I) : [];
            string kind = text.ReadsAll ? "window" : "batch";
            return (kind, [.. theirs.Select((loss, p) =>
                new JudgedPiece($"{kind} {p}", text.Share(p), loss, paired ? own[p] : null, text.Read(p, frame.Peer)))]);
        }

        public (int[] Ids, int[] Positions, int Length) PublicText()
        {
            var options = collaboration.Options;
            var batch = PublicBatch.Draw(options, collaboration.Inputs.Data.Reference, frame.Iteration);
            return (batch.Ids, batch.Positions, options.SequenceLength);
        }
    }
}
