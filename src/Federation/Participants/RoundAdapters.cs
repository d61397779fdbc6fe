namespace LoraCollab.Federation.Participants;

/// <summary>The adapters that an aggregation is about, [M][parameters] each, of the M clients that take part.</summary>
/// <param name="Who">Which.</param>
/// <param name="Now">As they are sent.</param>
/// <param name="Anchors">After the last mix; before the first the initial ones.</param>
/// <param name="Initial">Before training.</param>
internal sealed record RoundAdapters(Participation Who, IReadOnlyList<float[]> Now, IReadOnlyList<float[]> Anchors, IReadOnlyList<float[]> Initial)
{
    /// <summary>The clients' adapters as they are.</summary>
    /// <param name="clients">All of the run.</param>
    public static RoundAdapters Of(Participation who, IReadOnlyList<Client> clients) => Of(who, clients, [.. who.Of(clients).Select(c => c.Upload())]);

    /// <param name="clients">All of the run.</param>
    /// <param name="sent">[M][parameters]: what is read from their uploads.</param>
    public static RoundAdapters Of(Participation who, IReadOnlyList<Client> clients, IReadOnlyList<float[]> sent) =>
        new(who, sent, [.. who.Of(clients).Select(c => c.Anchor)], [.. who.Of(clients).Select(c => c.Initial)]);
}
