namespace LoraCollab.Federation.Analysis;

/// <summary>Takes the scores of a finished run apart, from the adapters that were stored at each round.</summary>
/// <param name="collaboration">The run's data, model and options.</param>
/// <param name="run">What it has written down.</param>
public sealed class TrustExplainer(Collaboration collaboration, RunRecord run)
{
    private readonly TrustReplay _replay = new(collaboration, run);

    /// <summary>Schemes whose scores can be taken apart.</summary>
    public static IReadOnlyList<string> Explained { get; } = ["theoretical", "weights", "validation", "prediction"];

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
            throw new UserException($"--round {number}: the scheme {scheme} has the rounds {lines[0].Round} to {lines[^1].Round} in this run");
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
        if (scheme == "theoretical") return Shares(frame);
        var (workspace, data, options) = (collaboration.Workspace(), collaboration.Inputs.Data, collaboration.Options);
        var recorded = _replay.Rounds(scheme).First(r => r.Line.Round == number);
        return scheme switch
        {
            "weights" => WeightsExplanation.Of(frame, options, workspace.Shape, recorded.Adapters),
            "validation" => ValidationExplanation.Of(frame, workspace, data, recorded.Adapters),
            _ => PredictionExplanation.Of(frame, options, data, recorded.Adapters.Who, _replay.Ask(recorded.Adapters, line.Iteration, stop)),
        };
    }

    private TrustExplanation Shares(TrustExplanation frame)
    {
        if (collaboration.Options.Compat.IsPaper(Trap.OracleTables))
            throw new UserException("theoretical has no explanation under trap 23 = paper: its weights are a published table");
        var (p, q) = (run.Shares[frame.Client], run.Shares[frame.Peer]);
        return frame with
        {
            Kind = "category",
            Meaning = "⟨p_i, p_j⟩ of the clients' true shares of categories",
            Columns = ["share of i", "share of j"],
            Parts = [.. run.Manifest.Categories.Select((name, c) => new TrustPart(name, p[c] * q[c], [p[c], q[c]])).OrderByDescending(x => x.Contribution)],
        };
    }

    private void RequireScheme(string scheme)
    {
        string choose = $"choose one of {string.Join(", ", Explained.Intersect(_replay.Recorded))}";
        if (scheme.StartsWith("fedavg", StringComparison.Ordinal))
            throw new UserException($"{scheme} has no explanation: it weighs everybody by a rule, whatever they send; {choose}");
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
}
