using CommandLine;
using CommandLine.Text;
using LoraCollab.Cli.Options;

namespace LoraCollab.Cli.Commands;

[Verb("collab", HelpText = "Clients fine-tune adapters of one model under every scheme; ends with a table and trust matrices.")]
internal sealed class CollabCommand : Command, IModelOption, ITokenizerOption, IDataOption, ITrainingOptions, ILoraOptions, IBackendOptions, ISeedOption, IRunFolderOptions
{
    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Data { get; set; }

    [Option("distribution", MetaValue = "NAME", HelpText = "Who holds what: specific, mixed, dirichlet:BETA. Default: specific.")]
    public string? Distribution { get; set; }

    [Option("clients", MetaValue = "N", HelpText = "Number of clients. Default: 8.")]
    public string? Clients { get; set; }

    [Option("schemes", MetaValue = "A,B,C", HelpText = "Which of local, fedavg, theoretical, weights, validation, prediction. Default: all six.")]
    public string? Schemes { get; set; }

    public string? Iterations { get; set; }
    public string? BatchSize { get; set; }
    public string? AccSteps { get; set; }
    public string? SequenceLength { get; set; }
    public string? Lr { get; set; }
    public string? Dropout { get; set; }
    public string? Rank { get; set; }
    public string? Alpha { get; set; }
    public string? LoraDropout { get; set; }
    public string? Targets { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }
    public string? Seed { get; set; }
    public string? Out { get; set; }
    public string? CheckpointEvery { get; set; }
    public bool Resume { get; set; }
    public bool Fresh { get; set; }
    public bool DryRun { get; set; }

    [Option("traps", HelpText = "test")]
    public IEnumerable<string> Traps { get; set; } = [];

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("The whole experiment on the built-in news corpus", new CollabCommand()),
        new("Your own text, one file a category", new CollabCommand { Data = "texts/", Clients = "6", Schemes = "local,fedavg,validation", Out = "runs/mine" }),
    ];

    public override int Run(CommandContext context)
    {
        context.Out.WriteLine(Parsing.Numbers.Real("--lr", Lr, 2e-3));
        context.Out.WriteLine(Parsing.Numbers.Whole("--clients", Clients, 8));
        context.Out.WriteLine(string.Join("|", Traps));
        return 0;
    }
}
