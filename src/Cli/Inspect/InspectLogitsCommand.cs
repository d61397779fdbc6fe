namespace LoraCollab.Cli.Inspect;

[Verb("inspect logits", "What a model expects after every token of a text.")]
[Example("What the base and two clients expect", "--text 'The council has voted' --run runs/mine --client 0 --other 1")]
internal sealed class InspectLogitsCommand : ComparisonOptions
{
    [Option("most-probable", OptionGroup.Output, "Tokens shown per position.", Value = "K", Least = 1)]
    public int MostProbable { get; init; } = 3;

    public override int Run(CommandContext context)
    {
        using var compared = new ComparedModels(this);
        string[] names = [.. compared.Variants.Select(v => v.Name)];
        IReadOnlyList<NextToken>[] models = compared.Each(adapter => NextTokens.Of(compared.Model, compared.Ids, adapter, MostProbable));
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
