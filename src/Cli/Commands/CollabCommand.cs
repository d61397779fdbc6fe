using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("collab", HelpText = "Clients fine-tune adapters of one model under every scheme and learn whom to trust.")]
internal sealed class CollabCommand : CollabArguments, IDebugOption
{
    public string? Debug { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("The whole experiment on the built-in news corpus", new CollabCommand()),
        new("Your own text, one file a category, three schemes", new CollabCommand { Data = "texts/", Clients = "6", Schemes = "local,fedavg,validation", Out = "runs/mine" }),
    ];

    public override int Run(CommandContext context)
    {
        using var setup = CollabSetup.Of(this, context.Error);
        return new CollabRun(setup, this, context).Execute();
    }
}
