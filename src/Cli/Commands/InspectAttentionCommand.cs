using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("inspect attention", HelpText = "Which tokens every head looks at, as a table and pictures.")]
internal sealed class InspectAttentionCommand : Command, IComparisonOptions, IOutOption
{
    public string? Text { get; set; }

    [Option("layer", MetaValue = "NAME",
        HelpText = "gradcheck: the parameters of one kind of layer in a small random GPT-2, or in --model: embedding, norm, attention, mlp, "
            + "adapter (a random one of all projections), all. inspect attention: the number of a layer, from 0; default: all.")]
    public string? Layer { get; set; }

    [Option("head", MetaValue = "H", HelpText = "One head alone, from 0, as a larger picture of each layer. Default: all heads of a layer in one picture.")]
    public string? Head { get; set; }

    public string? Adapter { get; set; }
    public string? RunPath { get; set; }

    [Option("scheme", MetaValue = "NAME", HelpText = SchemeOption.Help)]
    public string? Scheme { get; set; }

    public string? Client { get; set; }
    public string? Other { get; set; }
    public string? Out { get; set; }
    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("What an adapter has changed, with pictures",
            new InspectAttentionCommand { Text = "The council has voted", Adapter = "my-adapter", Out = "attention" }),
    ];

    public override int Run(CommandContext context)
    {
        if (Out is not null) WritableFolder.Require(Out);
        using var compared = new ComparedModels("inspect attention", this);
        var config = compared.Model.Config;
        int[] layers = Layer is null ? [.. Enumerable.Range(0, config.Layers)] : [Numbers.Whole("--layer", Layer, 0, 0, config.Layers - 1)];
        int[] heads = Head is null ? [.. Enumerable.Range(0, config.Heads)] : [Numbers.Whole("--head", Head, 0, 0, config.Heads - 1)];
        string[] names = [.. compared.Variants.Select(v => v.Name)];
        AttentionMaps[] models = compared.Each(adapter => AttentionMaps.Of(compared.Model, compared.Ids, adapter));
        if (Out is not null)
            foreach (int layer in layers) Draw(names, models, layer, heads, compared.Labels);
        if (Json) context.Out.WriteLine(JsonText.Line(Result(compared, names, models, layers, heads)));
        else AttentionTable.Write(context.Terminal, names, models, layers.SelectMany(l => heads.Select(h => (l, h))), compared.Labels);
        if (Out is not null && !Json && !Quiet) context.Out.WriteLine($"{layers.Length} {(layers.Length == 1 ? "picture" : "pictures")} in {Out}, as PNG and SVG");
        return ExitCode.Success;
    }

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
