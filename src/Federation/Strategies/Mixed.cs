namespace LoraCollab.Federation.Strategies;

/// <summary>What an aggregation gives back.</summary>
/// <param name="Received">[N][parameters]: what every client has received.</param>
public sealed record Mixed(float[][] Received)
{
    /// <summary>
    /// [K][parameters]: models sent to every client, which took its <see cref="Received"/> from among them; null where each was sent its own.
    /// </summary>
    public IReadOnlyList<float[]>? Broadcast { get; init; }

    /// <summary>[N]: what <see cref="LocalRule.Pull"/> is multiplied by for every client; null where it is the same for all.</summary>
    public float[]? Pull { get; init; }

    /// <summary>[N][..]: what every client is sent beside that, so that it can correct its weights; null: nothing.</summary>
    public IReadOnlyList<IReadOnlyList<float[]>>? Corrections { get; init; }
}
