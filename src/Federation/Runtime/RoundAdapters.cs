namespace LoraCollab.Federation;

/// <summary>The adapters that an aggregation is about, [N][parameters] each.</summary>
/// <param name="Now">As they are sent.</param>
/// <param name="Anchors">After the last mix; before the first the initial ones.</param>
/// <param name="Initial">Before training.</param>
internal sealed record RoundAdapters(IReadOnlyList<float[]> Now, IReadOnlyList<float[]> Anchors, IReadOnlyList<float[]> Initial)
{
    public static RoundAdapters Of(IReadOnlyList<Client> clients) => new([.. clients.Select(c => c.Upload())], [.. clients.Select(c => c.Anchor)], [.. clients.Select(c => c.Initial)]);
}
