using System.Text.RegularExpressions;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// The tensors of an adapter's file under <see cref="LoraLayout"/>'s names, whatever they are called there: with or without <c>transformer.</c>, and with the
/// adapter's name (<c>lora_A.default.weight</c>) as PEFT holds them in memory.
/// </summary>
internal sealed partial class AdapterTensors
{
    private const string ForAnother = "the adapter was made for another model or other targets";
    private readonly SafetensorsFile _file;
    private readonly Dictionary<string, TensorInfo> _tensors = [];

    /// <exception cref="UserException">A tensor is there under two names, or two adapters are.</exception>
    public AdapterTensors(SafetensorsFile file)
    {
        _file = file;
        string? adapter = null;
        foreach (var tensor in file.Tensors)
        {
            string name = LoraLayout.Prefix + TensorNames.Plain(tensor.Name);
            if (AdapterName().Match(name) is { Success: true } match)
            {
                string found = match.Groups["name"].Value;
                if ((adapter ??= found) != found)
                    throw new UserException($"{file.Path}: the file holds two adapters, {ForeignText.Quoted(adapter)} and "
                        + $"{ForeignText.Quoted(found)}: save each in a folder of its own");
                name = AdapterName().Replace(name, ".lora_${factor}.weight");
            }
            if (!_tensors.TryAdd(name, tensor))
                throw new UserException($"{file.Path}: the tensor {tensor.Name} is there twice, once as {_tensors[name].Name}; keep one of them");
        }
    }

    /// <summary>Whether a projection of a layer has one of the two factors.</summary>
    public bool Has((int Layer, Projection Projection) site) =>
        _tensors.ContainsKey(LoraLayout.NameOfA(site.Layer, site.Projection)) || _tensors.ContainsKey(LoraLayout.NameOfB(site.Layer, site.Projection));

    /// <summary>Where the file has adapters: what its tensors say, held against what its configuration says.</summary>
    /// <exception cref="UserException">The two contradict each other.</exception>
    public IReadOnlyList<(int Layer, Projection Projection)> Sites(GptConfig model, PeftConfig config)
    {
        var sites = new List<(int, Projection)>();
        for (int layer = 0; layer < model.Layers; layer++)
            foreach (var projection in Projections.All)
            {
                bool has = Has((layer, projection));
                if (has) sites.Add((layer, projection));
                if (config.Means(layer, projection) is not { } means || means == has) continue;
                throw new UserException(means
                    ? $"{_file.Path}: the tensor {LoraLayout.NameOfA(layer, projection)} is missing, and adapter_config.json asks for it by "
                        + $"target_modules: {ForAnother}"
                    : $"{config.Path}: target_modules, exclude_modules and layers_to_transform leave {projection.NameIn(layer)} out, and {_file.Path} "
                        + "has an adapter for it");
            }
        return sites.Count > 0 ? sites : throw new UserException($"{config.Path}: target_modules names no projection that {_file.Path} has an adapter for "
            + $"({string.Join(", ", Projections.All.Select(p => p.Path()))})");
    }

    /// <summary>The flat adapter: zero where the file has none. Every shape is compared before memory is asked for.</summary>
    /// <exception cref="UserException">A tensor is missing, misshapen, not finite, or of no use.</exception>
    public float[] Values(GptConfig model, LoraOptions form, IReadOnlyCollection<(int Layer, Projection Projection)> sites)
    {
        var layout = LoraLayout.Of(model, form);
        var names = sites.SelectMany(s => new[] { LoraLayout.NameOfA(s.Layer, s.Projection), LoraLayout.NameOfB(s.Layer, s.Projection) }).ToArray();
        foreach (string name in names) CheckShape(name, layout[name].Shape);
        if (_tensors.Keys.Except(names).FirstOrDefault() is { } useless)
            throw new UserException($"{_file.Path}: the tensor {_tensors[useless].Name} has no place in this model: {ForAnother}");
        if (layout.Length > Array.MaxLength)
            throw new UserException($"{_file.Path}: an adapter of {layout.Length:N0} numbers is over the {Array.MaxLength:N0} that can be addressed");
        var values = new float[layout.Length];
        foreach (string name in names) _file.ReadFinite(_tensors[name].Name, layout.Of(values, name));
        return values;
    }

    private void CheckShape(string name, int[] shape)
    {
        if (!_tensors.TryGetValue(name, out var info)) throw new UserException($"{_file.Path}: the tensor {name} is missing: {ForAnother}");
        if (info.Shape.SequenceEqual(shape)) return;
        throw new UserException($"{_file.Path}: tensor {info.Name} has shape {info.ShapeText}, this model and r in adapter_config.json need "
            + $"{TensorInfo.TextOf(shape)}: {ForAnother}");
    }

    [GeneratedRegex(@"\.lora_(?<factor>[AB])\.(?<name>[^.]+)\.weight$")]
    private static partial Regex AdapterName();
}
