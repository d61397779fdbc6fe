namespace LoraCollab.Report.Runs;

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
