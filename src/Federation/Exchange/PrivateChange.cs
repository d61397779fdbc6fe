namespace LoraCollab.Federation.Exchange;

/// <summary>
/// The Gaussian mechanism on one client's change: c ← c·min(1, C/‖c‖₂) + N(0, (σC)²·I). The noise is a function of seed, client and iteration, so
/// that a run repeats; who wants to hide something from those who know the seed must draw it from a secret. Floating-point noise: its low bits are no part of
/// the guarantee.
/// </summary>
/// <param name="clip">C, the largest L2 norm of a change.</param>
/// <param name="noise">σ, the noise's standard deviation in units of C.</param>
/// <param name="seed">Of the run.</param>
public sealed class PrivateChange(double clip, double noise, ulong seed)
{
    private const uint Stream = 0x44504E5A; // "DPNZ": apart from every other user of the normals

    /// <summary>Clips and adds noise in place.</summary>
    /// <param name="change">[parameters]: the client's adapter less the one it received.</param>
    /// <param name="client">Whose it is.</param>
    /// <param name="iteration">Steps done.</param>
    public void Apply(Span<double> change, int client, int iteration)
    {
        double square = 0;
        foreach (double c in change) square += c * c;
        double factor = square > clip * clip ? clip / Math.Sqrt(square) : 1;
        ulong key = new CounterRandom(seed, RandomPurpose.UploadNoise, client).Bits(iteration);
        for (int e = 0; e < change.Length; e += 2)
        {
            var (first, second) = CounterNormals.Pair(key, Stream, e / 2);
            change[e] = change[e] * factor + noise * clip * first;
            if (e + 1 < change.Length) change[e + 1] = change[e + 1] * factor + noise * clip * second;
        }
    }
}
