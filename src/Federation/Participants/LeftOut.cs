namespace LoraCollab.Federation.Participants;

/// <summary>Clients whose results count in no mean, with the reason: who attacks, and who is excluded.</summary>
internal static class LeftOut
{
    /// <returns>By number; null where everybody counts.</returns>
    public static SortedDictionary<int, string>? Of(CollaborationOptions options, int clients, IReadOnlyList<Exclusion>? excluded)
    {
        var reasons = new SortedDictionary<int, string>();
        foreach (int client in Attack.Attackers(options, clients)) reasons[client] = $"attacks ({options.Attack})";
        foreach (var e in excluded ?? [])
        {
            string reason = $"excluded in round {e.Round} (iteration {e.Iteration}): {e.Reason}";
            reasons[e.Client] = reasons.TryGetValue(e.Client, out string? other) ? $"{other}; {reason}" : reason;
        }
        return reasons.Count == 0 ? null : reasons;
    }

    /// <exception cref="CollaborationFailedException">No client counts any more, so that there is no result.</exception>
    public static void RequireSome(SortedDictionary<int, string>? leftOut, int clients, string scheme, int iteration)
    {
        if (leftOut?.Count == clients)
            throw new CollaborationFailedException($"scheme {scheme}, iteration {iteration}: no client is left whose result counts: "
                + string.Join("; ", leftOut.Select(r => $"client {r.Key} {r.Value}")));
    }
}

/// <summary>A client that takes no more part under a scheme: it trains no further and keeps the adapter it had after its last good round.</summary>
/// <param name="Client">Its number.</param>
/// <param name="Round">The aggregation it would have taken part in, from 1.</param>
/// <param name="Iteration">Steps done.</param>
/// <param name="Reason">What was found.</param>
public sealed record Exclusion(int Client, int Round, int Iteration, string Reason);
