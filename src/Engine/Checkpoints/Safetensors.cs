using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>Writes safetensors files: under a temporary name, then renamed.</summary>
public static class Safetensors
{
    /// <summary>Writes the tensors in the given order; metadata says <c>format: pt</c>, as the readers of Hugging Face expect, and what is given.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<TensorWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("safetensors files are little-endian");
        byte[] header = HeaderOf(tensors, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in tensors) WriteValues(stream, tensor);
        });
    }

    private static byte[] HeaderOf(IReadOnlyList<TensorWrite> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var notes = new JsonObject { ["format"] = "pt" };
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) notes[key] = value;
        var root = new JsonObject { ["__metadata__"] = notes };
        long offset = 0;
        foreach (var tensor in tensors)
        {
            long end = offset + tensor.Shape.Aggregate((long)TensorInfo.BytesOf(tensor.Type), (product, size) => product * size);
            root.Add(tensor.Name, new JsonObject
            {
                ["dtype"] = tensor.Type.ToString(),
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, end),
            });
            offset = end;
        }
        // Padded with blanks, so that the tensors begin on a multiple of eight bytes.
        string text = root.ToJsonString();
        int bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        return System.Text.Encoding.UTF8.GetBytes(text + new string(' ', (8 - bytes % 8) % 8));
    }

    private static void WriteValues(Stream stream, TensorWrite tensor)
    {
        var values = tensor.Values();
        long expected = tensor.Shape.Aggregate(1L, (product, size) => product * size);
        if (values.LongLength != expected)
            throw new ArgumentException($"{tensor.Name}: shape {TensorInfo.TextOf(tensor.Shape)} needs {expected} values, got {values.LongLength}");
        stream.Write(values switch
        {
            float[] reals => Bytes(reals),
            double[] doubles => Bytes(doubles),
            _ => Bytes((int[])values),
        });
    }

    private static ReadOnlySpan<byte> Bytes<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values);
}

/// <summary>One tensor to be written; its values are asked for only when its turn comes, so that a large file streams.</summary>
public sealed class TensorWrite
{
    private TensorWrite(string name, TensorType type, int[] shape, Func<Array> values) => (Name, Type, Shape, Values) = (name, type, shape, values);

    public string Name { get; }
    public TensorType Type { get; }
    public int[] Shape { get; }

    internal Func<Array> Values { get; }

    public static TensorWrite Of(string name, int[] shape, Func<float[]> values) => new(name, TensorType.F32, shape, values);

    public static TensorWrite Of(string name, int[] shape, float[] values) => new(name, TensorType.F32, shape, () => values);

    public static TensorWrite Of(string name, int[] shape, double[] values) => new(name, TensorType.F64, shape, () => values);

    public static TensorWrite Of(string name, int[] shape, int[] values) => new(name, TensorType.I32, shape, () => values);
}
