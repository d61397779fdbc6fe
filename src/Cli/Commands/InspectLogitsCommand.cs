using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("inspect logits", HelpText = "What a model expects after every token of a text.")]
internal sealed class InspectLogitsCommand : Command, IComparisonOptions
{
    public string? Text { get; set; }
    public string? Adapter { get; set; }
    public string? RunPath { get; set; }

    [Option("scheme", MetaValue = "NAME", HelpText = SchemeOption.Help)]
    public string? Scheme { get; set; }

    public string? Client { get; set; }
    public string? Other { get; set; }

    [Option("most-probable", MetaValue = "K", HelpText = "Tokens shown for a position. Default: 3.")]
    public string? MostProbable { get; set; }

    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("What the base and two clients expect",
            new InspectLogitsCommand { Text = "The council has voted", RunPath = "runs/mine", Client = "0", Other = "1" }),
    ];

    public override int Run(CommandContext context)
    {
        int k = Numbers.Whole("--most-probable", MostProbable, 3, 1);
        using var compared = new ComparedModels("inspect logits", this);
        string[] names = [.. compared.Variants.Select(v => v.Name)];
        IReadOnlyList<NextToken>[] models = compared.Each(adapter => NextTokens.Of(compared.Model, compared.Ids, adapter, k));
        if (Json) context.Out.WriteLine(JsonText.Line(Result(compared, names, models)));
        else LogitTable.Write(context.Terminal, names, models, compared.Label);
        return ExitCode.Success;
    }

    private object Result(ComparedModels compared, string[] names, IReadOnlyList<NextToken>[] models)
    {
        object Of(RankedToken t) => new { id = t.Id, token = compared.Token(t.Id), rank = t.Rank, probability = t.Probability, loss = t.Loss };
        return new
        {
            text = Text,
            models = models.Select((m, i) => new
            {
                name = names[i],
                mean_loss = LogitTable.MeanLoss(m),
                positions = m.Select(t => new
                {
                    position = t.Position,
                    id = t.Token,
                    token = compared.Token(t.Token),
                    next = t.Next is { } next ? Of(next) : null,
                    top = t.Top.Select(Of),
                }),
            }),
        };
    }
}
