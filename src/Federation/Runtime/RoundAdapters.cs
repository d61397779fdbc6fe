namespace LoraCollab.Federation;

/// <summary>The adapters that an aggregation is about, [N][parameters] each.</summary>
/// <param name="Now">As they are sent.</param>
/// <param name="Anchors">After the last mix; before the first the initial ones.</param>
/// <param name="Initial">Before training.</param>
internal sealed record RoundAdapters(IReadOnlyList<float[]> Now, IReadOnlyList<float[]> Anchors, IReadOnlyList<float[]> Initial)
{
    /// <summary>The clients' adapters as they are.</summary>
    public static RoundAdapters Of(IReadOnlyList<Client> clients) => Of(clients, [.. clients.Select(c => c.Upload())]);

    /// <param name="sent">[N][parameters]: what is read from their uploads.</param>
    public static RoundAdapters Of(IReadOnlyList<Client> clients, IReadOnlyList<float[]> sent) =>
        new(sent, [.. clients.Select(c => c.Anchor)], [.. clients.Select(c => c.Initial)]);
}
