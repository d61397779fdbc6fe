namespace LoraCollab.Federation.Analysis;

/// <summary>Computes any scheme's scores and trust of adapters on disk, to be compared with other systems.</summary>
public static class TrustProbe
{
    private const int RowsAtOnce = 1024;

    /// <param name="weights">The base model.</param>
    /// <param name="adapters">PEFT folders, one a client, all of the same form.</param>
    /// <param name="data">The texts (see <see cref="TrustProbeOptions.NeedsData"/>); null for weights.</param>
    /// <exception cref="UserException">An adapter does not fit, the adapters differ in form, or the texts are missing or foreign.</exception>
    public static TrustProbeResult Run(IWeights weights, IReadOnlyList<string> adapters, string? data, TrustProbeOptions options, ComputeBackend backend)
    {
        if (adapters.Count == 0) throw new UserException("--adapters: at least one adapter folder is needed");
        var loaded = adapters.Select(folder => PeftAdapter.Load(folder, weights.Config)).ToArray();
        for (int i = 1; i < loaded.Length; i++)
            if (loaded[i].Options with { Dropout = 0 } != loaded[0].Options with { Dropout = 0 })
                throw new UserException($"{adapters[i]}: its rank, alpha or targets differ from those of {adapters[0]}; all adapters must have the same form");
        var form = loaded[0].Options;
        if (!options.NeedsData) return Weights(AdapterShape.From(LoraLayout.Of(weights.Config, form), form.Scale), [.. loaded.Select(a => a.Values)], options);
        using var texts = new ProbeData(data ?? throw new UserException($"--data: the scheme {options.Scheme} needs a safetensors file with texts"));
        using var model = GptModel.Frozen(backend, weights);
        var onDevice = loaded.Select(a => a.Place(model)).ToArray();
        try
        {
            return options.Scheme == "validation" ? Validation(model, onDevice, texts, options) : Prediction(model, onDevice, texts, options);
        }
        finally
        {
            foreach (var adapter in onDevice) adapter.Dispose();
        }
    }

    private static TrustProbeResult Weights(AdapterShape shape, float[][] adapters, TrustProbeOptions options) => Result(options, new TrustScores(options.Form switch
    {
        "update" => UpdateSpace.Cosines(shape, adapters, null),
        "rowwise" => ParameterSpace.RowWiseCosines(shape, adapters, null),
        _ => ParameterSpace.FlatCosines(adapters, null),
    }, TrustNormalisation.Softmax));

    private static TrustProbeResult Validation(GptModel model, LoraAdapter[] adapters, ProbeData texts, TrustProbeOptions options)
    {
        var loss = ScoreMatrix.Fill(adapters.Length, (_, _) => 0);
        for (int i = 0; i < adapters.Length; i++)
        {
            var (inputs, targets, length) = texts.Validation(i);
            using var pass = Pass(model, adapters[0].Options, length);
            for (int j = 0; j < adapters.Length; j++) loss[i][j] = MeanLoss(pass, inputs, targets, length, adapters[j]);
        }
        var scores = ScoreMatrix.Fill(adapters.Length, (i, j) => options.Form == "loss" ? -loss[i][j] : -Math.Exp(loss[i][j]));
        return Result(options, new TrustScores(scores, TrustNormalisation.Softmax) { Loss = loss });
    }

    private static double MeanLoss(GptPass pass, int[] inputs, int[] targets, int length, LoraAdapter adapter)
    {
        double nats = 0;
        long tokens = 0;
        int windows = inputs.Length / length;
        for (int first = 0; first < windows; first += pass.MaxBatch)
        {
            int count = Math.Min(pass.MaxBatch, windows - first);
            var sum = pass.Evaluate(inputs.AsSpan(first * length, count * length), targets.AsSpan(first * length, count * length), count, adapter);
            (nats, tokens) = (nats + sum.Nats, tokens + sum.Tokens);
        }
        return nats / tokens;
    }

    private static TrustProbeResult Prediction(GptModel model, LoraAdapter[] adapters, ProbeData texts, TrustProbeOptions options)
    {
        var (ids, length) = texts.Reference();
        var form = options.Form == "js" ? PredictionForm.Js : PredictionForm.L1;
        int[] positions = [.. Enumerable.Range(0, ids.Length).Where(row => options.Form != "l1-last" || row % length == length - 1)];
        using var pass = Pass(model, adapters[0].Options, length);
        using var reader = new PublicPredictions(pass);
        int k = Math.Min(options.PredictionK, model.Config.Vocabulary);
        var predictions = adapters.Select(a => reader.Read(a, ids, length, positions, k, form)).ToArray();
        return Result(options, new PredictionSimilarity(form, rowNormalised: form == PredictionForm.L1).Score(predictions));
    }

    private static TrustProbeResult Result(TrustProbeOptions options, TrustScores scores)
    {
        var trust = TrustMatrix.From(scores, new TrustRule(Topology.Full(scores.Values.Length)) { Temperature = options.Temperature });
        return new TrustProbeResult(scores.Values, trust.ToArray()) { Loss = scores.Loss, Distance = scores.Distance };
    }

    private static GptPass Pass(GptModel model, LoraOptions form, int length) =>
        new(model, model.Backend, Math.Max(1, RowsAtOnce / length), length, PassKind.Forward, form);
}
