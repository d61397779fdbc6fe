using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// An adapter in PEFT's format on disk: adapter_config.json and adapter_model.safetensors. Where there is a <see cref="WeightCorrection"/> it stands beside
/// them in base_correction.safetensors, of which PEFT knows nothing: such an adapter is only right where this file is read too.
/// </summary>
/// <param name="Options">The adapter's form.</param>
/// <param name="Values">The flat adapter in <see cref="LoraLayout"/>'s order.</param>
public sealed record PeftAdapter(LoraOptions Options, float[] Values)
{
    private const string ConfigFile = "adapter_config.json", WeightsFile = "adapter_model.safetensors", CorrectionFile = "base_correction.safetensors";

    /// <summary>What is added to the base's weights, in the order of <see cref="WeightCorrection.LayoutOf"/>; null: nothing.</summary>
    public float[]? Correction { get; init; }

    /// <summary>Bytes of the correction in memory, here and on a backend.</summary>
    /// <param name="realBytes">Bytes of one number on the backend.</param>
    public long CorrectionBytes(int realBytes) => (sizeof(float) + realBytes) * (Correction?.LongLength ?? 0);

    /// <summary>
    /// Projections of <see cref="Options"/>' targets that have no adapter, such as "h.3.attn.c_attn": their factors are zero, which is exact as long as
    /// nobody trains them.
    /// </summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>
    /// Reads an adapter and checks that it fits the model. Which projections have one is what the file's tensors say, within what its configuration
    /// says.
    /// </summary>
    /// <exception cref="UserException">
    /// A file is missing or damaged, a setting not supported, or a tensor missing, unknown, not finite or misshapen.
    /// </exception>
    public static PeftAdapter Load(string folder, GptConfig model)
    {
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such adapter folder: expected one with {ConfigFile} and {WeightsFile}");
        var config = PeftConfig.Read(Path.Combine(folder, ConfigFile));
        string weights = Path.Combine(folder, WeightsFile);
        if (!File.Exists(weights)) OtherFormats.Refuse(folder);
        using var file = SafetensorsFile.Open(weights);
        var tensors = new AdapterTensors(file);
        var sites = tensors.Sites(model, config);
        var form = config.FormOf(sites);
        return new PeftAdapter(form, tensors.Values(model, form, sites))
        {
            Absent = [.. LoraLayout.Sites(model, form).Except(sites).Select(s => s.Projection.NameIn(s.Layer))],
            Correction = ReadCorrection(Path.Combine(folder, CorrectionFile), model, form),
        };
    }

    /// <summary>Refuses an adapter that would not stay what it is in training.</summary>
    /// <param name="folder">For the message.</param>
    /// <exception cref="UserException">Some layers have none, or the base is corrected beside it.</exception>
    public void RequireTrainable(string folder)
    {
        if (Absent.Count > 0)
            throw new UserException($"{folder}: {Absent.Count} of its layers' projections have no adapter ({Absent[0]} is one): such an adapter can "
                + "be evaluated and generated with, but not trained");
        if (Correction is not null)
            throw new UserException($"{folder}: {CorrectionFile} changes the base beside the adapter: such an adapter can be evaluated and generated "
                + "with, but not trained");
    }

    /// <summary>SHA-256 of the form (dropout aside, which is of training) and the values, lower-case hexadecimal digits.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string form = string.Create(CultureInfo.InvariantCulture, $"{Options.Rank} {Options.Alpha:R} {(int)Options.Targets} {Options.RankStabilised}");
        hash.AppendData(Encoding.UTF8.GetBytes(form));
        hash.AppendData(MemoryMarshal.AsBytes<float>(Values));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Puts it on the model's backend, with its correction.</summary>
    /// <param name="trainable">Gives it a gradient.</param>
    public LoraAdapter Place(GptModel model, bool trainable = false)
    {
        var correction = Correction is null ? null : new WeightCorrection(model.Backend, model, Options, Correction);
        var adapter = new LoraAdapter(model.Backend, model.Config, Options, trainable) { OwnCorrection = correction };
        adapter.Set(Values);
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
        var layout = WeightCorrection.LayoutOf(model, options);
        foreach (var entry in layout.Entries)
            if (!file[entry.Name].Shape.SequenceEqual(entry.Shape))
                throw new UserException($"{path}: tensor {entry.Name} has shape {file[entry.Name].ShapeText}, this model needs "
                    + $"{TensorInfo.TextOf(entry.Shape)}");
        if (file.Tensors.FirstOrDefault(t => !layout.Contains(t.Name)) is { } useless)
            throw new UserException($"{path}: the tensor {useless.Name} has no place in this model");
        var values = new float[layout.Length];
        foreach (var entry in layout.Entries) file.ReadFinite(entry.Name, layout.Of(values, entry.Name));
        return values;
    }
}
