using System.Buffers.Binary;
using System.Text.Json;
using LoraCollab.Data;

namespace LoraCollab.Engine;

/// <summary>
/// The header of a safetensors file, believed only after every promise was checked against the file: eight bytes of length, then JSON
/// {name: {dtype, shape, data_offsets}}, then the tensors' bytes without gap or overlap.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const long LongestHeader = 100_000_000;

    public List<TensorInfo> Tensors { get; } = [];
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Where the tensors' bytes begin.</summary>
    public long DataStart { get; private init; }

    /// <exception cref="UserException">The file is empty, truncated, foreign, or its header contradicts itself or the file's length.</exception>
    public static SafetensorsHeader Read(string path, Stream stream)
    {
        long size = stream.Length;
        if (size < 8) throw new UserException($"{path}: {size} bytes are no safetensors file (empty or truncated?)");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader || length > size - 8)
            throw new UserException(
                $"{path}: the header claims {unchecked((ulong)length)} bytes and the file has {size}: not a safetensors file, or truncated");
        var json = new byte[length];
        stream.ReadExactly(json);
        var header = new SafetensorsHeader { DataStart = 8 + length };
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            header.ReadEntries(path, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: the header is not valid JSON or names a tensor twice: not a safetensors file, or damaged", e);
        }
        header.CheckOffsets(path, size - header.DataStart);
        return header;
    }

    private void ReadEntries(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new UserException($"{path}: the header is a JSON {root.ValueKind}, expected an object: not a safetensors file");
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == "__metadata__") ReadMetadata(property.Value);
            else Tensors.Add(ReadTensor(path, property.Name, property.Value));
        }
    }

    private void ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return;
        foreach (var entry in value.EnumerateObject())
            if (entry.Value.ValueKind == JsonValueKind.String) Metadata[entry.Name] = entry.Value.GetString()!;
    }

    private static TensorInfo ReadTensor(string path, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("dtype", out var dtype) || !value.TryGetProperty("shape", out var shape) ||
            !value.TryGetProperty("data_offsets", out var offsets) || dtype.ValueKind != JsonValueKind.String ||
            Numbers(shape) is not { } sizes || Numbers(offsets) is not [var begin, var end])
            throw new UserException($"{path}: tensor {name}: expected dtype, shape and two data_offsets in the header");
        if (!Enum.TryParse(dtype.GetString(), out TensorType type) || !Enum.IsDefined(type) || type.ToString() != dtype.GetString())
            throw new UserException(
                $"{path}: tensor {name}: dtype {dtype.GetString()} is not supported: expected one of {string.Join(", ", Enum.GetNames<TensorType>())}");
        if (begin < 0 || end < begin) throw new UserException($"{path}: tensor {name}: data_offsets [{begin}, {end}] are impossible");
        long bytes = TensorInfo.BytesOf(type);
        foreach (long size in sizes)
        {
            if (size is < 0 or > int.MaxValue || (size > 0 && bytes > long.MaxValue / size))
                throw new UserException($"{path}: tensor {name}: the shape [{string.Join(", ", sizes)}] is impossible");
            bytes *= size;
        }
        if (bytes != end - begin)
            throw new UserException(
                $"{path}: tensor {name}: shape [{string.Join(", ", sizes)}] of {type} needs {bytes} bytes, data_offsets give {end - begin}");
        return new TensorInfo(name, type, [.. sizes.Select(s => (int)s)], begin, end);
    }

    private static List<long>? Numbers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array) return null;
        var numbers = new List<long>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out long number)) return null;
            numbers.Add(number);
        }
        return numbers;
    }

    private void CheckOffsets(string path, long available)
    {
        long reached = 0;
        string before = "the header";
        foreach (var tensor in Tensors.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            if (tensor.End > available)
                throw new UserException(
                    $"{path}: tensor {tensor.Name} ends at byte {tensor.End} and the file holds only {available} bytes of data: truncated?");
            string place = tensor.Begin < reached ? "inside" : "apart from the end of";
            if (tensor.Begin != reached)
                throw new UserException($"{path}: tensor {tensor.Name} begins at byte {tensor.Begin}, {place} {before} at {reached}: damaged header");
            (reached, before) = (tensor.End, tensor.Name);
        }
        if (reached != available)
            throw new UserException($"{path}: the header describes {reached} bytes of data and the file holds {available}: damaged or foreign");
    }
}
