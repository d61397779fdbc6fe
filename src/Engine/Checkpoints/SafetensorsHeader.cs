using System.Buffers.Binary;
using System.Text.Json;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// The header of a safetensors file, believed only after every promise was checked against the file: eight bytes of length, then JSON
/// {name: {dtype, shape, data_offsets}}, then the tensors' bytes without gap or overlap. It is read token by token, in memory a small multiple of its length.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The format allows 100 MB; a GPT-2 of 48 layers has 60 KB, and 16 MiB hold 150,000 tensors.</summary>
    private const int LongestHeader = 16 << 20;

    private const int MostDimensions = 64;

    /// <summary>By name, in the order of the header.</summary>
    public Dictionary<string, TensorInfo> Tensors { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Where the tensors' bytes begin.</summary>
    public long DataStart { get; private init; }

    /// <exception cref="UserException">The file is empty, truncated, foreign, or its header is too long or contradicts itself or the file's length.</exception>
    public static SafetensorsHeader Read(string path, Stream stream)
    {
        long size = stream.Length;
        if (size < 8) throw new UserException($"{path}: {size} bytes are no safetensors file (empty or truncated?)");
        Span<byte> beginning = stackalloc byte[(int)Math.Min(size, 64)];
        stream.ReadExactly(beginning);
        LfsPointer.Refuse(path, beginning);
        long length = BinaryPrimitives.ReadInt64LittleEndian(beginning);
        if (length < 2 || length > size - 8)
            throw new UserException($"{path}: the header claims {unchecked((ulong)length)} bytes and the file has {size}: not a safetensors file, or "
                + "truncated");
        if (length > LongestHeader)
            throw new UserException($"{path}: a header of {length:N0} bytes, expected at most {LongestHeader:N0}: that is room for 150,000 tensors, "
                + "and no GPT-2 or adapter has so many");
        var json = new byte[length];
        stream.Position = 8;
        stream.ReadExactly(json);
        var header = new SafetensorsHeader { DataStart = 8 + length };
        try
        {
            header.ReadEntries(path, json);
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: the header is not valid JSON: not a safetensors file, or damaged", e);
        }
        catch (InvalidOperationException e)
        {
            throw new UserException($"{path}: the header holds a string that is no text: damaged", e);
        }
        header.CheckOffsets(path, size - header.DataStart);
        return header;
    }

    private void ReadEntries(string path, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new UserException($"{path}: the header is JSON, but no object: expected an object, not a safetensors file");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__") ReadMetadata(path, ref reader);
            else if (!Tensors.TryAdd(name, ReadTensor(path, name, ref reader)))
                throw new UserException($"{path}: the header names the tensor {name} twice: damaged");
        }
        reader.Read(); // throws where anything but blanks follows
    }

    private void ReadMetadata(string path, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) reader.Skip();
            else if (!Metadata.TryAdd(key, reader.GetString()!)) throw new UserException($"{path}: the header's __metadata__ names {key} twice: damaged");
        }
    }

    private static TensorInfo ReadTensor(string path, string name, ref Utf8JsonReader reader)
    {
        string? dtype = null;
        long[]? shape = null, offsets = null;
        bool twice = false;
        if (reader.TokenType == JsonTokenType.StartObject)
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                reader.Read();
                twice |= key switch { "dtype" => dtype, "shape" => shape, "data_offsets" => (object?)offsets, _ => null } is not null;
                if (key == "dtype" && reader.TokenType == JsonTokenType.String) dtype = reader.GetString();
                else if (key == "shape") shape = Numbers(ref reader);
                else if (key == "data_offsets") offsets = Numbers(ref reader);
                else reader.Skip();
            }
        else
            reader.Skip();
        if (twice || dtype is null || shape is null || offsets is not [var begin, var end])
            throw new UserException($"{path}: tensor {name}: expected dtype, shape and two data_offsets in the header, each once");
        return Checked(path, name, dtype, shape, begin, end);
    }

    private static TensorInfo Checked(string path, string name, string dtype, long[] shape, long begin, long end)
    {
        if (!Enum.TryParse(dtype, out TensorType type) || !Enum.IsDefined(type) || type.ToString() != dtype)
            throw new UserException($"{path}: tensor {name}: dtype {dtype} is not supported: expected one of {string.Join(", ", Enum.GetNames<TensorType>())}");
        if (begin < 0 || end < begin) throw new UserException($"{path}: tensor {name}: data_offsets [{begin}, {end}] are impossible");
        long bytes = TensorInfo.BytesOf(type);
        foreach (long size in shape)
        {
            if (size is < 0 or > int.MaxValue || (size > 0 && bytes > long.MaxValue / size))
                throw new UserException($"{path}: tensor {name}: the shape [{string.Join(", ", shape)}] is impossible");
            bytes *= size;
        }
        if (bytes != end - begin)
            throw new UserException($"{path}: tensor {name}: shape [{string.Join(", ", shape)}] of {type} needs {bytes} bytes, data_offsets give "
                + $"{end - begin}");
        return new TensorInfo(name, type, Array.ConvertAll(shape, size => (int)size), begin, end);
    }

    /// <summary>Whole numbers in a list; null where there is anything else, or more of them than a shape has.</summary>
    private static long[]? Numbers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }
        var numbers = new List<long>();
        bool good = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            good &= numbers.Count < MostDimensions && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && Add(numbers, number);
            reader.Skip();
        }
        return good ? [.. numbers] : null;

        static bool Add(List<long> list, long number)
        {
            list.Add(number);
            return true;
        }
    }

    private void CheckOffsets(string path, long available)
    {
        long reached = 0;
        string before = "the header";
        foreach (var tensor in Tensors.Values.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            if (tensor.End > available)
                throw new UserException($"{path}: tensor {tensor.Name} ends at byte {tensor.End} and the file holds only {available} bytes of data: "
                    + "truncated?");
            string place = tensor.Begin < reached ? "inside" : "apart from the end of";
            if (tensor.Begin != reached)
                throw new UserException($"{path}: tensor {tensor.Name} begins at byte {tensor.Begin}, {place} {before} at {reached}: damaged header");
            (reached, before) = (tensor.End, tensor.Name);
        }
        if (reached != available)
            throw new UserException($"{path}: the header describes {reached} bytes of data and the file holds {available}: damaged or foreign");
    }
}
