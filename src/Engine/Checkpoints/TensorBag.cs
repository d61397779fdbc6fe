using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// A small safetensors file in memory: named tensors and notes, in order. Backend values are kept at the backend's own precision, so that training goes
/// on with the same bits.
/// </summary>
public sealed class TensorBag
{
    private readonly Dictionary<string, (int[] Shape, Array Values)> _tensors = [];
    private string _origin = "checkpoint";

    /// <summary>Notes stored beside the tensors.</summary>
    public Dictionary<string, string> Metadata { get; private init; } = [];

    public IEnumerable<string> Names => _tensors.Keys;

    public bool Contains(string name) => _tensors.ContainsKey(name);

    public void Add(string name, int[] shape, float[] values) => _tensors.Add(name, (shape, values));

    public void Add(string name, int[] shape, double[] values) => _tensors.Add(name, (shape, values));

    public void Add(string name, int[] values) => Add(name, [values.Length], values);

    public void Add(string name, int[] shape, int[] values) => _tensors.Add(name, (shape, values));

    /// <summary>Adds a view's numbers, as float64 where the backend computes in it.</summary>
    public void Add(string name, ComputeBackend lane, View view)
    {
        int[] shape = [checked((int)view.Length)];
        if (lane.RealBytes == sizeof(double))
        {
            var doubles = new double[view.Length];
            lane.Download(doubles.AsSpan(), view);
            _tensors.Add(name, (shape, doubles));
            return;
        }
        var floats = new float[view.Length];
        lane.Download(floats.AsSpan(), view);
        _tensors.Add(name, (shape, floats));
    }

    /// <summary>Writes a tensor into a view of the same size.</summary>
    /// <exception cref="UserException">The tensor is missing, or of another size or type.</exception>
    public void Read(string name, ComputeBackend lane, View view)
    {
        var values = Find(name, view.Length);
        if (values is double[] doubles) lane.Write(view, doubles);
        else if (values is float[] floats) lane.Write(view, floats);
        else throw new UserException($"{_origin}: tensor {name} holds whole numbers, expected real ones");
    }

    /// <summary>A tensor of real numbers as float32.</summary>
    /// <exception cref="UserException">The tensor is missing or holds whole numbers.</exception>
    public float[] Floats(string name) => Find(name) switch
    {
        float[] floats => floats,
        double[] doubles => Array.ConvertAll(doubles, x => (float)x),
        _ => throw new UserException($"{_origin}: tensor {name} holds whole numbers, expected real ones"),
    };

    /// <summary>A tensor of whole numbers.</summary>
    /// <exception cref="UserException">The tensor is missing, holds real numbers, or has another length than asked.</exception>
    public int[] Ints(string name, int? length = null) =>
        Find(name, length) as int[] ?? throw new UserException($"{_origin}: tensor {name} holds real numbers, expected whole ones");

    /// <exception cref="UserException">No such tensor.</exception>
    public int[] Shape(string name)
    {
        Find(name);
        return _tensors[name].Shape;
    }

    /// <exception cref="UserException">The file cannot be written.</exception>
    public void Save(string path) => Safetensors.Write(path, [.. _tensors.Select(t => t.Value.Values switch
    {
        float[] floats => TensorWrite.Of(t.Key, t.Value.Shape, floats),
        double[] doubles => TensorWrite.Of(t.Key, t.Value.Shape, doubles),
        _ => TensorWrite.Of(t.Key, t.Value.Shape, (int[])t.Value.Values),
    })], Metadata);

    /// <exception cref="UserException">The file is missing, damaged or foreign.</exception>
    public static TensorBag Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var bag = new TensorBag { _origin = path, Metadata = new(file.Metadata.Where(note => note.Key != "format")) };
        foreach (var info in file.Tensors)
            bag._tensors.Add(info.Name, (info.Shape, info.Type switch
            {
                TensorType.F64 => file.Doubles(info.Name),
                TensorType.F32 or TensorType.F16 or TensorType.BF16 => file.Floats(info.Name),
                _ => file.Ints(info.Name),
            }));
        return bag;
    }

    /// <summary>The SHA-256 of every tensor and note in lower-case hexadecimal digits.</summary>
    /// <param name="without">A note that is left out, since it is to hold the result.</param>
    public string Digest(string without)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{text.Length}:{text}")));
        foreach (var (key, value) in Metadata.Where(note => note.Key != without).OrderBy(note => note.Key, StringComparer.Ordinal))
        {
            Add(key);
            Add(value);
        }
        foreach (var (name, (shape, values)) in _tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            Add(name);
            Add(TensorInfo.TextOf(shape));
            Add(values.GetType().Name);
            hash.AppendData(values switch
            {
                float[] floats => MemoryMarshal.AsBytes<float>(floats),
                double[] doubles => MemoryMarshal.AsBytes<double>(doubles),
                _ => MemoryMarshal.AsBytes<int>((int[])values),
            });
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Array Find(string name, long? length = null)
    {
        if (!_tensors.TryGetValue(name, out var tensor)) throw new UserException($"{_origin}: the tensor {name} is missing");
        if (length is { } expected && tensor.Values.LongLength != expected)
            throw new UserException($"{_origin}: tensor {name} has {tensor.Values.LongLength} elements, expected {expected}");
        return tensor.Values;
    }
}
