namespace LoraCollab.Data.Corpus;

/// <summary>How a corpus is read. Every option has a default that suits the published data sets.</summary>
public sealed record CorpusOptions
{
    /// <summary>JSON lines: the field that holds the text.</summary>
    [Option("text-field", OptionGroup.Data, "JSON lines: the field that holds the text, or the path to it, such as messages.0.content.", Value = "NAME")]
    public string TextField { get; init; } = "text";

    /// <summary>
    /// JSON lines: the field that holds the category; of a web address its domain counts. Null: the first of category, label, domain, url that the first line
    /// has, else none.
    /// </summary>
    [Option("category-field", OptionGroup.Data, "JSON lines: the field or path that holds the category; of a web address its domain counts.", Value = "NAME",
        Default = "the first of category, label, domain, url that is there")]
    public string? CategoryField { get; init; }

    /// <summary>
    /// The categories to read, in this order, or "top:K" alone, the K with most documents; null: all, in the order of the data (files by name, JSON categories
    /// by size).
    /// </summary>
    [Option("categories", OptionGroup.Data, "Which categories of the data take part; top:K: the K with most documents.", Value = "A,B", Default = "all")]
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>The seed of generated data.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// How much the categories of generated data contradict each other, 0 to 1 (<see cref="Generated.WorldOptions.Conflict"/>). Ignored by data that is read.
    /// </summary>
    [Option("conflict", OptionGroup.Data, "How much the categories of built-in data contradict each other.", Least = 0, Most = 1)]
    public double Conflict { get; init; } = 1;

    /// <summary>Documents to generate per category; null: the generator's default. Ignored by data that is read.</summary>
    public int? DocumentsPerCategory { get; init; }
}
