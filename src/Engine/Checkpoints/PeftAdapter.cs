using LoraCollab.Data;
using LoraCollab.Kernels;

namespace LoraCollab.Engine;

/// <summary>An adapter in PEFT's format on disk: adapter_config.json and adapter_model.safetensors.</summary>
/// <param name="Options">The adapter's form.</param>
/// <param name="Values">The flat adapter in <see cref="LoraLayout"/>'s order.</param>
public sealed record PeftAdapter(LoraOptions Options, float[] Values)
{
    private const string ConfigFile = "adapter_config.json", WeightsFile = "adapter_model.safetensors";
    private const string ForAnother = "the adapter was made for another model or other targets";

    /// <summary>Reads an adapter and checks that it fits the model.</summary>
    /// <exception cref="UserException">A file is missing or damaged, a setting not supported, or a tensor missing, unknown, not finite or misshapen.</exception>
    public static PeftAdapter Load(string folder, GptConfig model)
    {
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such adapter folder: expected one with {ConfigFile} and {WeightsFile}");
        var options = PeftConfig.Read(Path.Combine(folder, ConfigFile));
        using var file = SafetensorsFile.Open(Path.Combine(folder, WeightsFile));
        return new PeftAdapter(options, ReadTensors(file, LoraLayout.Of(model, options)));
    }

    /// <summary>Writes the adapter so that PEFT reads it back.</summary>
    /// <param name="baseModel">What base_model_name_or_path says.</param>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public void Save(string folder, GptConfig model, string baseModel)
    {
        var layout = LoraLayout.Of(model, Options);
        if (Values.Length != layout.Length) throw new ArgumentException($"an adapter of this form has {layout.Length} elements, not {Values.Length}");
        AtomicFile.WriteText(Path.Combine(folder, ConfigFile), PeftConfig.Write(Options, baseModel));
        var tensors = layout.Entries.Select(e => TensorWrite.Of(e.Name, e.Shape, () => layout.Of(Values, e.Name).ToArray()));
        Safetensors.Write(Path.Combine(folder, WeightsFile), [.. tensors]);
    }

    private static float[] ReadTensors(SafetensorsFile file, FlatLayout layout)
    {
        var stored = ByCanonicalName(file);
        var values = new float[layout.Length];
        foreach (var entry in layout.Entries)
        {
            if (!stored.Remove(entry.Name, out var info))
                throw new UserException($"{file.Path}: the tensor {entry.Name} is missing: {ForAnother}");
            if (!info.Shape.SequenceEqual(entry.Shape))
                throw new UserException(
                    $"{file.Path}: tensor {info.Name} has shape {info.ShapeText}, this model needs {TensorInfo.TextOf(entry.Shape)}: {ForAnother}");
            var destination = layout.Of(values, entry.Name);
            file.Read(info.Name, destination);
            HfCheckpoint.RequireFinite(file.Path, info.Name, destination);
        }
        if (stored.Count > 0)
            throw new UserException($"{file.Path}: the tensor {stored.Values.First().Name} has no place in this model: {ForAnother}");
        return values;
    }

    private static Dictionary<string, TensorInfo> ByCanonicalName(SafetensorsFile file)
    {
        var tensors = new Dictionary<string, TensorInfo>();
        foreach (var tensor in file.Tensors)
            if (!tensors.TryAdd(CanonicalName(tensor.Name), tensor))
                throw new UserException($"{file.Path}: the tensor {tensor.Name} is there twice, once as {tensors[CanonicalName(tensor.Name)].Name}; keep one of them");
        return tensors;
    }

    private static string CanonicalName(string name)
    {
        const string outer = "base_model.model.", inner = "transformer.";
        if (name.StartsWith(outer)) name = name[outer.Length..];
        if (name.StartsWith(inner)) name = name[inner.Length..];
        return outer + inner + name;
    }
}
