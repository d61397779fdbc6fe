using System.Text.Json;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// A GPT-2 folder as transformers or nanoGPT have it: config.json and model.safetensors, one file or shards with an index. Names may carry what
/// <see cref="TensorNames"/> knows; a tied table may stand under either of its two names; linear weights may be [in, out] or, as torch's Linear has them,
/// [out, in]. Every tensor's presence and shape is checked on opening, its numbers when it is read.
/// </summary>
public sealed class HfCheckpoint : IWeights, IDisposable
{
    private const string Single = "model.safetensors", Index = "model.safetensors.index.json", Table = "wte.weight", Head = "lm_head.weight";

    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, (SafetensorsFile File, TensorInfo Info)> _tensors = [];
    private readonly bool _biases;
    private bool _transposed;

    private HfCheckpoint(string folder, GptConfig config, bool biases) => (Folder, Config, _biases) = (folder, config, biases);

    public string Folder { get; }

    public GptConfig Config { get; }

    /// <exception cref="UserException">A file is missing, damaged or foreign; a tensor is missing, unknown, misshapen or of no floating-point type.</exception>
    public static HfCheckpoint Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such model folder: expected one with config.json and {Single}");
        if (!HasSafetensors(folder)) OtherFormats.Refuse(folder);
        var config = HfConfig.Read(Path.Combine(folder, "config.json"), out bool biases);
        var checkpoint = new HfCheckpoint(folder, config, biases);
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
        if (!_tensors.TryGetValue(name, out var found))
        {
            destination.Clear(); // a bias of a model without biases
            return;
        }
        var (file, info) = found;
        if (_transposed && IsLinear(name, info.Shape))
        {
            var rows = new float[destination.Length];
            file.ReadFinite(info.Name, rows);
            Matrices.Transpose(rows, destination, info.Shape[0], info.Shape[1]);
        }
        else
        {
            file.ReadFinite(info.Name, destination);
        }
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

    private static string StoredName(string name) => name.StartsWith("lm_head") ? name : "transformer." + name;

    private static bool HasSafetensors(string folder) => File.Exists(Path.Combine(folder, Single)) || File.Exists(Path.Combine(folder, Index));

    private static List<string> FilesOf(string folder)
    {
        string single = Path.Combine(folder, Single), index = Path.Combine(folder, Index);
        if (File.Exists(single)) return [single];
        if (!File.Exists(index)) throw new UserException($"{folder}: neither {Single} nor {Index} is there: the weights are missing");
        var json = HfJson.Read(index);
        if (json.Object("weight_map") is not { } map) throw new UserException($"{index}: the key weight_map is missing");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (tensor, value) in map.Members)
        {
            string? name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (string.IsNullOrEmpty(name) || Path.GetFileName(name) != name)
                throw new UserException($"{index}: weight_map gives no file beside it for {tensor}");
            names.Add(name);
        }
        return [.. names.Select(name => Path.Combine(folder, name))];
    }

    private void Add(SafetensorsFile file)
    {
        _files.Add(file);
        foreach (var info in file.Tensors)
        {
            string name = TensorNames.Plain(info.Name);
            if (IsIgnored(name)) continue;
            if (!_tensors.TryAdd(name, (file, info)))
                throw new UserException($"{file.Path}: the tensor {name} is there twice (as {info.Name} and as {_tensors[name].Info.Name})");
        }
    }

    /// <summary>The causal mask that older files hold, and a head for multiple choice beside the language model's.</summary>
    private static bool IsIgnored(string name) =>
        name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal)
            || name.StartsWith("multiple_choice_head.", StringComparison.Ordinal);

    private void CheckTensors()
    {
        // Before a layout is made: a small file does not ask for the memory of a thousand layers.
        if (Config.Layers > _tensors.Count)
            throw new UserException($"{Folder}: config.json describes {Config.Layers} layers, and the weights are {_tensors.Count} tensors");
        if (Config.TiedHead && !_tensors.ContainsKey(Table) && _tensors.TryGetValue(Head, out var head)) _tensors[Table] = head;
        _transposed = _tensors.TryGetValue("h.0.attn.c_attn.weight", out var first) && first.Info.Shape.SequenceEqual([3 * Config.Channels, Config.Channels]);
        var layout = Config.Layout();
        foreach (var entry in layout.Entries) CheckTensor(entry.Name, entry.Shape);
        foreach (var (name, (file, info)) in _tensors)
            if (!layout.Contains(name) && name != Head)
                throw new UserException($"{file.Path}: the tensor {info.Name} has no place in a GPT-2 of {Config.Layers} layers, as config.json has it");
    }

    private void CheckTensor(string name, int[] shape)
    {
        bool bias = name.EndsWith(".bias", StringComparison.Ordinal);
        if (!_tensors.TryGetValue(name, out var found))
        {
            if (bias && !_biases) return;
            throw new UserException($"{Folder}: the tensor {name} is missing from the weights that config.json describes");
        }
        var (file, info) = found;
        if (bias && !_biases) throw new UserException($"{file.Path}: the tensor {info.Name} is there, and config.json says bias = false");
        int[] expected = _transposed && IsLinear(name, shape) ? [shape[1], shape[0]] : shape;
        if (!info.Shape.SequenceEqual(expected))
            throw new UserException($"{file.Path}: tensor {info.Name} has shape {info.ShapeText}, expected {TensorInfo.TextOf(expected)} by config.json");
        if (info.Type > TensorType.BF16) throw new UserException($"{file.Path}: tensor {info.Name} is {info.Type}, expected F32, F16 or BF16");
    }

    /// <summary>A projection's matrix.</summary>
    private static bool IsLinear(string name, int[] shape) => shape.Length == 2 && name.StartsWith("h.", StringComparison.Ordinal);

    // A tied head that is stored as well must be the same numbers: else one of the two would silently be dropped.
    private void CheckHead()
    {
        if (!Config.TiedHead || !_tensors.TryGetValue(Head, out var head)) return;
        var (file, table) = _tensors[Table];
        if (table == head.Info) return;
        if (!head.Info.Shape.SequenceEqual(table.Shape) || !head.File.Floats(head.Info.Name).AsSpan().SequenceEqual(file.Floats(table.Name)))
            throw new UserException($"{head.File.Path}: lm_head.weight differs from wte.weight, and config.json does not say tie_word_embeddings = "
                + "false: set it to use both");
    }
}
