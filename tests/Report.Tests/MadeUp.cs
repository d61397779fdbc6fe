namespace LoraCollab.Report.Tests;

/// <summary>Results that nobody computed: a run of given losses.</summary>
internal static class MadeUp
{
    /// <param name="seed">The run's seed.</param>
    /// <param name="schemes">Loss of every client under every scheme.</param>
    public static RunSummary Run(ulong seed, params (string Scheme, double[] Losses)[] schemes) => new()
    {
        RunId = $"run{seed}",
        Compat = "corrected",
        Seed = seed,
        Model = "tiny",
        Data = "news",
        Distribution = "specific",
        Clients = schemes[0].Losses.Length,
        Backend = BackendKind.Host,
        Iterations = 10,
        BasePerplexity = 5,
        BaseLoss = Math.Log(5),
        Schemes = schemes.ToDictionary(s => s.Scheme, s => Scheme(s.Losses)),
        Seconds = 1,
    };

    private static SchemeSummary Scheme(double[] losses) => new()
    {
        MeanPerplexity = losses.Average(Math.Exp),
        MeanLoss = losses.Average(),
        MeanTrustLoss = losses.Average() + 0.5,
        MeanAccuracy = 0.5,
        Clients = [.. losses.Select((loss, i) => new ClientResult(i, $"client {i}", [], Math.Exp(loss), loss, 0.5, null, loss + 0.5, 100))],
        Trust = [],
        Aggregations = 1,
        BytesUp = 0,
        BytesDown = 0,
        Epochs = 1,
        TrustEvaluations = 0,
        Seconds = 1,
    };
}
