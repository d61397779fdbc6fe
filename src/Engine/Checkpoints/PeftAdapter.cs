using LoraCollab.Data;
using LoraCollab.Kernels;

namespace LoraCollab.Engine;

/// <summary>
/// An adapter in PEFT's format on disk: adapter_config.json and adapter_model.safetensors. Where there is a <see cref="WeightCorrection"/> it stands beside
/// them in base_correction.safetensors, of which PEFT knows nothing: such an adapter is only right where this file is read too.
/// </summary>
/// <param name="Options">The adapter's form.</param>
/// <param name="Values">The flat adapter in <see cref="LoraLayout"/>'s order.</param>
public sealed record PeftAdapter(LoraOptions Options, float[] Values)
{
    private const string ConfigFile = "adapter_config.json", WeightsFile = "adapter_model.safetensors", CorrectionFile = "base_correction.safetensors";
    private const string ForAnother = "the adapter was made for another model or other targets";

    /// <summary>What is added to the base's weights, in the order of <see cref="WeightCorrection.LayoutOf"/>; null: nothing.</summary>
    public float[]? Correction { get; init; }

    /// <summary>Bytes of the correction in memory, here and on a backend.</summary>
    /// <param name="realBytes">Bytes of one number on the backend.</param>
    public long CorrectionBytes(int realBytes) => (sizeof(float) + realBytes) * (Correction?.LongLength ?? 0);

    /// <summary>Reads an adapter and checks that it fits the model.</summary>
    /// <exception cref="UserException">A file is missing or damaged, a setting not supported, or a tensor missing, unknown, not finite or misshapen.</exception>
    public static PeftAdapter Load(string folder, GptConfig model)
    {
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such adapter folder: expected one with {ConfigFile} and {WeightsFile}");
        var options = PeftConfig.Read(Path.Combine(folder, ConfigFile));
        using var file = SafetensorsFile.Open(Path.Combine(folder, WeightsFile));
        float[] values = ReadTensors(file, LoraLayout.Of(model, options), ByCanonicalName(file));
        return new PeftAdapter(options, values) { Correction = ReadCorrection(Path.Combine(folder, CorrectionFile), model, options) };
    }

    /// <summary>Puts it on the model's backend, with its correction.</summary>
    /// <param name="trainable">Gives it a gradient.</param>
    public LoraAdapter Place(GptModel model, bool trainable = false)
    {
        var correction = Correction is null ? null : new WeightCorrection(model, Options, Correction);
        var adapter = new LoraAdapter(model.Backend, model.Config, Options, trainable) { OwnCorrection = correction };
        adapter.Upload(Values);
        return adapter;
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
        WriteCorrection(Path.Combine(folder, CorrectionFile), WeightCorrection.LayoutOf(model, Options));
    }

    /// <summary>A file that an earlier adapter left would correct this one.</summary>
    private void WriteCorrection(string path, FlatLayout layout)
    {
        if (Correction is null) Disk.Delete(path);
        else Safetensors.Write(path, [.. layout.Entries.Select(e => TensorWrite.Of(e.Name, e.Shape, () => layout.Of(Correction, e.Name).ToArray()))]);
    }

    private static float[]? ReadCorrection(string path, GptConfig model, LoraOptions options)
    {
        if (!File.Exists(path)) return null;
        using var file = SafetensorsFile.Open(path);
        return ReadTensors(file, WeightCorrection.LayoutOf(model, options), file.Tensors.ToDictionary(t => t.Name));
    }

    private static float[] ReadTensors(SafetensorsFile file, FlatLayout layout, Dictionary<string, TensorInfo> stored)
    {
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
