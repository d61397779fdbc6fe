using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How a corpus is dealt to clients.</summary>
internal interface IPartitionOptions
{
    [Option("distribution", MetaValue = "NAME", HelpText = "Who holds what: specific (one category a client), mixed (3/4 and 1/4), uniform, dirichlet:BETA, mixed-paper. Default: specific.")]
    string? Distribution { get; set; }

    [Option("clients", MetaValue = "N", HelpText = "Number of clients. Default: those the data names, else the smallest multiple of its categories from 8 on.")]
    string? Clients { get; set; }

    [Option("train-tokens", MetaValue = "N", HelpText = "Tokens a client trains on. Default: 4096.")]
    string? TrainTokens { get; set; }

    [Option("trust-tokens", MetaValue = "N", HelpText = "Tokens a client judges others' adapters by. Default: half the report tokens, 2048.")]
    string? TrustTokens { get; set; }

    [Option("report-tokens", MetaValue = "N", HelpText = "Tokens a client's results are reported on. Default: 4096; in a short run four times what a client trains on.")]
    string? ReportTokens { get; set; }

    [Option("public-tokens", MetaValue = "N", HelpText = "Tokens of public text on which predictions are compared. Default: 8192.")]
    string? PublicTokens { get; set; }
}
