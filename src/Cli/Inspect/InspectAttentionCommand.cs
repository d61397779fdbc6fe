namespace LoraCollab.Cli.Inspect;

[Verb("inspect attention", "Which tokens every head looks at, as a table and pictures.")]
[Example("What an adapter has changed, with pictures", "--text 'The council has voted' --adapter my-adapter --out attention")]
internal sealed class InspectAttentionCommand : ComparisonOptions
{
    [Option("layer", OptionGroup.Output, "The number of a layer, from 0.", Value = "L", Least = 0, Default = "all")]
    public int? Layer { get; init; }

    [Option("head", OptionGroup.Output, "One head alone, from 0, as a larger picture of each layer.", Value = "H", Least = 0,
        Default = "all heads of a layer in one picture")]
    public int? Head { get; init; }

    [OutOption]
    public string? Out { get; init; }

    public override int Run(CommandContext context)
    {
        if (Out is not null) WritableFolder.Require(Out);
        using var compared = new ComparedModels(this);
        var config = compared.Model.Config;
        int[] layers = Layer is null ? [.. Enumerable.Range(0, config.Layers)] : [Within("layer", Layer.Value, config.Layers)];
        int[] heads = Head is null ? [.. Enumerable.Range(0, config.Heads)] : [Within("head", Head.Value, config.Heads)];
        string[] names = [.. compared.Variants.Select(v => v.Name)];
        AttentionMaps[] models = compared.Each(adapter => AttentionMaps.Of(compared.Model, compared.Ids, adapter));
        if (Out is not null)
            foreach (int layer in layers) Draw(names, models, layer, heads, compared.Labels);
        if (Json) context.Out.WriteLine(JsonText.Line(Result(compared, names, models, layers, heads)));
        else AttentionTable.Write(context.Terminal, names, models, layers.SelectMany(l => heads.Select(h => (l, h))), compared.Labels);
        if (Out is not null && !Json && !Quiet)
            context.Out.WriteLine($"{layers.Length} {(layers.Length == 1 ? "picture" : "pictures")} in {Out}, as PNG and SVG");
        return ExitCode.Success;
    }

    private static int Within(string option, int number, int count) => number < count ? number
        : throw new OptionException(option, $"'{number}'", $"expected a whole number from 0 to {count - 1}");

    private void Draw(string[] names, AttentionMaps[] models, int layer, int[] heads, IReadOnlyList<string> labels)
    {
        var rows = names.Select((name, i) => new AttentionRow(name, [.. heads.Select(h => models[i][layer, h])])).ToList();
        if (models.Length > 1)
        {
            var difference = heads.Select(h => models[^1][layer, h].Less(models[^2][layer, h]));
            rows.Add(new AttentionRow($"{names[^1]} − {names[^2]}", [.. difference], IsDifference: true));
        }
        string file = Head is null ? $"attention-{layer}" : $"attention-{layer}-{heads[0]}";
        AttentionPicture.Save(Path.Combine(Out!, file), $"Attention of layer {layer}", labels, [.. heads.Select(h => $"head {h}")], rows);
    }

    private static object Result(ComparedModels compared, string[] names, AttentionMaps[] models, int[] layers, int[] heads) => new
    {
        tokens = compared.Ids.Select(id => compared.Tokenizer.Decode([id])),
        models = models.Select((m, i) => new
        {
            name = names[i],
            heads = layers.SelectMany(l => heads.Select(h => new
            {
                layer = l,
                head = h,
                entropy = m[l, h].Entropy,
                distance = m[l, h].Distance,
                on_first = m[l, h].OnFirst,
                change = i == 0 ? (double?)null : m[l, h].LargestChange(models[i - 1][l, h]).Change,
                rows = m[l, h].Rows,
            })),
        }),
    };
}
