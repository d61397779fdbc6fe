namespace LoraCollab.Data.Partition;

/// <summary>How a corpus is dealt to clients.</summary>
public sealed record PartitionOptions
{
    /// <summary>
    /// N; null: the clients that the data names, else the smallest multiple of the number of categories from 8 on (four categories: 8, three: 9, two: 8).
    /// </summary>
    [Option("clients", OptionGroup.Data, "Number of clients.", Least = 0, Common = true,
        Default = "those the data names, else the smallest multiple of its categories from 8 on")]
    public int? Clients { get; init; }

    /// <summary>Which categories a client has; not used where the data names its own clients.</summary>
    [Option("distribution", OptionGroup.Data, "Who holds what: specific (one category per client), mixed (3/4 and 1/4), uniform, dirichlet:BETA, mixed-paper.",
        Value = "NAME", Common = true)]
    public Distribution Distribution { get; init; } = Distribution.Specific;

    /// <summary>Tokens of each client's training text, separators counted: met exactly, the last document is cut.</summary>
    [Option("train-tokens", OptionGroup.Data, "Tokens that a client trains on.", Least = 1)]
    public int TrainTokens { get; init; } = 4096;

    /// <summary>Tokens of the text on which a client judges others (scheme 2).</summary>
    [Option("trust-tokens", OptionGroup.Data, "Tokens that a client judges others' adapters by.", Least = 1, Default = "half the report tokens, 2048")]
    public int TrustTokens { get; init; } = 2048;

    /// <summary>Tokens of the text on which results are reported.</summary>
    [Option("report-tokens", OptionGroup.Data, "Tokens that a client's results are reported on.", Least = 1,
        Default = "4096; in a short run four times what a client trains on")]
    public int ReportTokens { get; init; } = 4096;

    /// <summary>Tokens of the public reference, in equal parts of every category that a client has; 0: none.</summary>
    [Option("public-tokens", OptionGroup.Data, "Tokens of public text on which predictions are compared.", Least = 0)]
    public int ReferenceTokens { get; init; } = 8192;

    /// <summary>Of the draw of the data: which documents, and Dirichlet shares.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Documents are joined by a blank (the paper's code), not by end of text.</summary>
    public bool JoinWithBlank { get; init; }

    /// <summary>Trust-validation is the report-validation text itself (the paper's code); <see cref="TrustTokens"/> is then not used.</summary>
    public bool TrustIsReport { get; init; }

    /// <summary>The shortest split that is of use: one window, T + 1.</summary>
    public int MinimumTokens { get; init; } = 2;

    /// <summary>Where the data is too small, all sizes shrink by one factor (of a client's own text: by its own) instead of failing.</summary>
    public bool Shrink { get; init; }

    internal int TokensPerClient => TrainTokens + (TrustIsReport ? 0 : TrustTokens) + ReportTokens;
}
