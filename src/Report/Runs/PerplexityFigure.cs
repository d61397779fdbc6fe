namespace LoraCollab.Report.Runs;

/// <summary>Mean perplexity of every scheme and comparator, and the paired difference to Local.</summary>
internal static class PerplexityFigure
{
    public static ReportFigure Of(RunRecord run)
    {
        var local = run.Summary.Schemes.GetValueOrDefault(StrategyRegistry.Solo)?.LossByClient;
        var bars = new List<Bar>();
        foreach (string scheme in run.Schemes)
            bars.Add(Row(scheme, SchemeStyle.Of(scheme), run.Summary.Schemes[scheme].LossByClient, scheme == StrategyRegistry.Solo ? null : local));
        foreach (var (name, found) in run.Comparators) bars.Add(Row(name.Replace('_', ' '), null, run.Summary.LossByClient(found), local));
        double without = run.Summary.BasePerplexity;
        bars.InsertRange(0, BaseModel.Bars(without, bars));
        string caption = "Left: mean over clients of the perplexity on report text after the last mix, with its 95 % interval over clients (Student's t). "
            + (local is null ? "" : "Right: difference of the loss in nats to Local, a dot a client, with the interval of its mean; left of zero is better. ")
            + "The intervals speak of other clients like these, not of other seeds." + BaseModel.Note(without, bars.Select(b => b.Mean));
        return new ReportFigure("perplexity", "Mean perplexity by scheme", caption,
            path => BarPicture.Save(path, $"Mean perplexity, {RunTitle.Of(run)}", "perplexity on report text", "loss minus Local's, nats a token", bars));
    }

    private static Bar Row(string name, int? style, IReadOnlyDictionary<int, double> losses, IReadOnlyDictionary<int, double>? local)
    {
        double[] perplexities = [.. losses.Values.Select(Math.Exp)];
        double[] differences = local is null ? [] : [.. losses.Where(l => local.ContainsKey(l.Key)).Select(l => l.Value - local[l.Key])];
        var (mean, difference) = (MeanInterval.Of(perplexities), differences.Length == 0 ? null : MeanInterval.Of(differences));
        return new Bar(name, style, mean.Mean, Format.Perplexity(mean.Mean))
        {
            HalfWidth = mean.HalfWidth,
            Values = perplexities,
            Difference = difference?.Mean,
            DifferenceHalfWidth = difference?.HalfWidth,
            Differences = differences,
        };
    }
}

/// <summary>The model without adapters in pictures: a bar or point like the others, but left out where it would press them against the axis.</summary>
internal static class BaseModel
{
    private const double Most = 4;

    /// <summary>Whether its perplexity is at most four times the largest of the others.</summary>
    public static bool Fits(double perplexity, IEnumerable<double> others) => perplexity <= Most * others.Max();

    /// <summary>Its bar, if it fits.</summary>
    public static IEnumerable<Bar> Bars(double perplexity, IReadOnlyList<Bar> others, IReadOnlyList<double>? values = null) =>
        Fits(perplexity, others.Select(b => b.Mean)) ? [new Bar("base model", null, perplexity, Format.Perplexity(perplexity)) { Values = values ?? [] }] : [];

    /// <summary>For a caption: nothing if it fits, else a sentence.</summary>
    public static string Note(double perplexity, IEnumerable<double> others) =>
        Fits(perplexity, others) ? "" : $" The model without adapters, at {Format.Perplexity(perplexity)}, is off the scale.";
}
