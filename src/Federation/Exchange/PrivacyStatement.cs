namespace LoraCollab.Federation.Exchange;

/// <summary>What noise on uploads protects, in summary.json.</summary>
/// <param name="Epsilon">ε of all uploads of one client in the whole run of a scheme; infinite without noise.</param>
/// <param name="Delta">δ.</param>
/// <param name="Order">The Rényi order at which ε was found.</param>
/// <param name="Clip">C.</param>
/// <param name="Noise">σ.</param>
/// <param name="Releases">Uploads of a client.</param>
/// <param name="Protects">Whom, from whom, and what is not covered.</param>
public sealed record PrivacyStatement(double Epsilon, double Delta, double Order, double Clip, double Noise, int Releases, string Protects)
{
    private const string Text = "client level: a client's whole change of every upload against no change at all, hence all of its training text, "
        + "from everybody who sees its uploads, the server included; "
        + "not covered: what a scheme sends or chooses by a client's trust-validation text (losses; "
        + "the mix that validation, fedfomo and learned begin the next upload from), token counts, and the client's own adapter at home";

    /// <summary>Of a scheme that has run; null where nothing was clipped or nothing was sent.</summary>
    /// <param name="options">Resolved.</param>
    /// <param name="releases">Uploads of a client.</param>
    public static PrivacyStatement? Of(CollaborationOptions options, int releases)
    {
        if (options.DpClip is not { } clip || releases == 0) return null;
        var cost = RenyiAccountant.OfGaussian(options.DpNoise!.Value, releases, options.DpDelta!.Value);
        return new PrivacyStatement(cost.Epsilon, cost.Delta, cost.Order, clip, options.DpNoise.Value, releases, Text);
    }
}
