using System.Text.Json;
using LoraCollab.Data;

namespace LoraCollab.Engine;

/// <summary>
/// A Hugging Face GPT-2 folder: config.json and model.safetensors, one file or shards with an index. Names may carry <c>transformer.</c>; the causal mask
/// buffers that older files hold are skipped. Every tensor's presence and shape is checked on opening, its numbers when it is read.
/// </summary>
public sealed class HfCheckpoint : IWeights, IDisposable
{
    private const string Single = "model.safetensors", Index = "model.safetensors.index.json", Prefix = "transformer.";
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, (SafetensorsFile File, string Name)> _tensors = [];

    private HfCheckpoint(string folder, GptConfig config) => (Folder, Config) = (folder, config);

    public string Folder { get; }

    public GptConfig Config { get; }

    /// <exception cref="UserException">A file is missing, damaged or foreign; a tensor is missing, unknown, misshapen or of no floating-point type.</exception>
    public static HfCheckpoint Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such model folder: expected one with config.json and {Single}");
        var checkpoint = new HfCheckpoint(folder, HfConfig.Read(Path.Combine(folder, "config.json")));
        try
        {
            foreach (string file in FilesOf(folder)) checkpoint.Add(SafetensorsFile.Open(file));
            checkpoint.CheckTensors();
            checkpoint.CheckHead();
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="UserException">A value is NaN or infinite.</exception>
    public void Read(string name, Span<float> destination)
    {
        var (file, stored) = _tensors[name];
        file.Read(stored, destination);
        RequireFinite(file.Path, stored, destination);
    }

    /// <summary>Writes a model in the same format, names with <c>transformer.</c>, float32, one tensor in memory at a time.</summary>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public static void Save(string folder, IWeights weights)
    {
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), HfConfig.Write(weights.Config));
        Safetensors.Write(Path.Combine(folder, Single), [.. weights.Config.Layout().Entries.Select(e => TensorWrite.Of(StoredName(e.Name), e.Shape, () =>
        {
            var values = new float[e.Length];
            weights.Read(e.Name, values);
            return values;
        }))]);
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    internal static void RequireFinite(string path, string name, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) throw new UserException($"{path}: tensor {name} holds {values[i]} at element {i}: the weights are damaged");
    }

    private static string StoredName(string name) => name.StartsWith("lm_head") ? name : Prefix + name;

    private static List<string> FilesOf(string folder)
    {
        string single = Path.Combine(folder, Single), index = Path.Combine(folder, Index);
        if (File.Exists(single)) return [single];
        if (!File.Exists(index))
            throw new UserException($"{folder}: neither {Single} nor {Index} is there: the weights are missing (other formats are not read)");
        var json = HfJson.Read(index);
        if (json.Find("weight_map") is not { ValueKind: JsonValueKind.Object } map) throw new UserException($"{index}: the key weight_map is missing");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            string? name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
            if (string.IsNullOrEmpty(name) || Path.GetFileName(name) != name)
                throw new UserException($"{index}: weight_map gives no file beside it for {entry.Name}");
            names.Add(name);
        }
        return [.. names.Select(name => Path.Combine(folder, name))];
    }

    private void Add(SafetensorsFile file)
    {
        _files.Add(file);
        foreach (var info in file.Tensors)
        {
            string name = info.Name.StartsWith(Prefix) ? info.Name[Prefix.Length..] : info.Name;
            if (name.EndsWith(".attn.bias") || name.EndsWith(".attn.masked_bias")) continue;
            if (!_tensors.TryAdd(name, (file, info.Name)))
                throw new UserException($"{file.Path}: the tensor {name} is there twice (with and without {Prefix} or in two shards)");
        }
    }

    private void CheckTensors()
    {
        var layout = Config.Layout();
        foreach (var entry in layout.Entries)
        {
            if (!_tensors.TryGetValue(entry.Name, out var found))
                throw new UserException($"{Folder}: the tensor {entry.Name} is missing from the weights that config.json describes");
            var info = found.File[found.Name];
            if (!info.Shape.SequenceEqual(entry.Shape))
                throw new UserException(
                    $"{found.File.Path}: tensor {info.Name} has shape {info.ShapeText}, expected {TensorInfo.TextOf(entry.Shape)} by config.json");
            if (info.Type > TensorType.BF16) throw new UserException($"{found.File.Path}: tensor {info.Name} is {info.Type}, expected F32, F16 or BF16");
        }
        foreach (var (name, (file, _)) in _tensors)
            if (name.StartsWith("h.") && !layout.Contains(name))
                throw new UserException($"{file.Path}: the tensor {name} belongs to no GPT-2 of config.json's {Config.Layers} layers");
    }

    // A tied head that is stored as well must be the same numbers: else one of the two would silently be dropped.
    private void CheckHead()
    {
        if (!Config.TiedHead || !_tensors.TryGetValue("lm_head.weight", out var head)) return;
        var (file, name) = _tensors["wte.weight"];
        if (head.File[head.Name].ShapeText != file[name].ShapeText || !head.File.Floats(head.Name).AsSpan().SequenceEqual(file.Floats(name)))
            throw new UserException(
                $"{head.File.Path}: lm_head.weight differs from wte.weight, and config.json says tie_word_embeddings: set it to false to use both");
    }
}
