namespace LoraCollab.Cli.Collab;

[Verb("collab", "Clients fine-tune adapters of one model under every scheme and learn whom to trust.")]
[Example("The whole experiment on the built-in news corpus")]
[Example("Your own text, one file per category, three schemes", "--data texts/ --clients 6 --schemes local,fedavg,validation --out runs/mine")]
internal sealed class CollabCommand : CollabOptions
{
    public override int Run(CommandContext context)
    {
        using var setup = CollabSetup.Of(this, context.Error);
        return new CollabRun(setup, this, context).Execute();
    }
}
