namespace LoraCollab.Federation.Analysis;

/// <summary>Which trust of given adapters is asked for.</summary>
/// <param name="Scheme">weights, validation or prediction.</param>
/// <param name="Form">rowwise, flat or update; perplexity or loss; l1-all, l1-last or js.</param>
public sealed record TrustProbeOptions(string Scheme, string Form)
{
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["weights"] = ["update", "rowwise", "flat"],
        ["validation"] = ["loss", "perplexity"],
        ["prediction"] = ["js", "l1-all", "l1-last"],
    };

    /// <summary>k of the prediction forms; a smaller vocabulary lowers it.</summary>
    public int PredictionK { get; init; } = 100;

    /// <summary>τ of the softmax.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>True where the scheme reads texts, not only adapters.</summary>
    public bool NeedsData => Scheme != "weights";

    /// <summary>The options, if they make sense.</summary>
    /// <param name="form">null: the corrected form of the scheme.</param>
    /// <exception cref="UserException">Another scheme, form, temperature or k.</exception>
    public static TrustProbeOptions Of(string scheme, string? form, int predictionK, double temperature)
    {
        if (!Known.TryGetValue(scheme, out string[]? forms)) throw new UserException($"--scheme {scheme}: expected weights, validation or prediction");
        form ??= forms[0];
        if (!forms.Contains(form)) throw new UserException($"--form {form}: the scheme {scheme} has the forms {string.Join(", ", forms)}");
        if (predictionK < 1) throw new UserException($"--prediction-k {predictionK}: expected at least 1");
        if (!(temperature > 0)) throw new UserException(FormattableString.Invariant($"--temperature {temperature}: expected a number above 0"));
        return new TrustProbeOptions(scheme, form) { PredictionK = predictionK, Temperature = temperature };
    }
}
