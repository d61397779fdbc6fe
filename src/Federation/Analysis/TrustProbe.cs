namespace LoraCollab.Federation.Analysis;

/// <summary>Which trust of given adapters is asked for.</summary>
/// <param name="Scheme">A strategy with <see cref="StrategyDeclaration.Forms"/>.</param>
/// <param name="Form">One of them.</param>
public sealed record TrustProbeOptions(string Scheme, string Form)
{
    /// <summary>k of the prediction forms; a smaller vocabulary lowers it.</summary>
    public int PredictionK { get; init; } = 100;

    /// <summary>τ of the softmax.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The options, if they make sense.</summary>
    /// <param name="form">null: the first of the strategy's.</param>
    /// <exception cref="OptionException">Another scheme, form, temperature or k.</exception>
    public static TrustProbeOptions Of(string scheme, string? form, int predictionK, double temperature)
    {
        string[] forms = [.. StrategyRegistry.Find(scheme)?.Forms.Select(f => f.Name) ?? []];
        if (forms.Length == 0)
            throw new OptionException("scheme", scheme, $"expected one of {string.Join(", ", StrategyRegistry.NamesOf(d => d.Forms.Count > 0))}");
        form ??= forms[0];
        if (!forms.Contains(form)) throw new OptionException("form", form, $"the scheme {scheme} has the forms {string.Join(", ", forms)}");
        if (predictionK < 1) throw new OptionException("prediction-k", predictionK, "expected at least 1");
        if (!(temperature > 0)) throw new OptionException("temperature", temperature, "expected a number above 0");
        return new TrustProbeOptions(scheme, form) { PredictionK = predictionK, Temperature = temperature };
    }
}

/// <summary>Trust of given adapters on given batches, without any mask.</summary>
/// <param name="Scores">[N][N]: raw scores, before the temperature.</param>
/// <param name="Trust">[N][N]: softmax of their rows.</param>
public sealed record TrustProbeResult(double[][] Scores, double[][] Trust)
{
    /// <summary>[N][N]: mean loss of model j on text i, in nats.</summary>
    public double[][]? Loss { get; init; }

    /// <summary>[N][N]: distance of the predictions; of the L1 forms the sum of absolute differences a window.</summary>
    public double[][]? Distance { get; init; }

    public string ToJson() => RunJson.File(this);

    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToJson());
}

/// <summary>Computes a strategy's scores and trust of adapters on disk, to be compared with other systems.</summary>
public static class TrustProbe
{
    /// <param name="weights">The base model.</param>
    /// <param name="adapters">PEFT folders, one a client, all of the same form.</param>
    /// <param name="data">The texts, see <see cref="ProbeData"/>; null where the strategy looks at adapters alone.</param>
    /// <exception cref="UserException">An adapter does not fit, the adapters differ in form, or the texts are missing or foreign.</exception>
    public static TrustProbeResult Run(IWeights weights, IReadOnlyList<string> adapters, string? data, TrustProbeOptions options, ComputeBackend backend)
    {
        if (adapters.Count == 0) throw new OptionException("adapters", null, "at least one adapter folder is needed");
        var loaded = adapters.Select(folder => PeftAdapter.Load(folder, weights.Config)).ToArray();
        for (int i = 1; i < loaded.Length; i++)
            if (loaded[i].Options with { Dropout = 0 } != loaded[0].Options with { Dropout = 0 })
                throw new UserException($"{adapters[i]}: its rank, alpha or targets differ from those of {adapters[0]}; all adapters must have the same form");
        var form = StrategyRegistry.Find(options.Scheme)!.Forms.First(f => f.Name == options.Form);
        var standard = new CollaborationOptions { Schemes = [options.Scheme], Self = SelfScore.Scored.ToString(), PredictionK = options.PredictionK };
        var asked = form.Set(standard).Resolve();
        using var round = new ProbeRound(weights, loaded, data, asked, backend);
        var scores = StrategyRegistry.Create(options.Scheme, new StrategyContext(asked, "", 0)).Score(round);
        var trust = TrustMatrix.From(scores, new TrustRule(Topology.Full(loaded.Length)) { Temperature = options.Temperature });
        return new TrustProbeResult(scores.Values, trust.ToArray()) { Loss = scores.Loss, Distance = scores.Distance };
    }
}
