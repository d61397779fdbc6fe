using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>A safetensors file, read tensor by tensor, so that a checkpoint larger than memory's comfort streams through one buffer.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int ChunkBytes = 1 << 20;
    private readonly SafeFileHandle _handle;
    private readonly Dictionary<string, TensorInfo> _tensors;
    private readonly long _dataStart;

    private SafetensorsFile(string path, SafeFileHandle handle, SafetensorsHeader header)
    {
        (Path, _handle, _dataStart) = (path, handle, header.DataStart);
        (_tensors, Metadata) = (header.Tensors, header.Metadata);
    }

    /// <exception cref="UserException">The file is missing, unreadable, truncated, foreign, or contradicts itself.</exception>
    public static SafetensorsFile Open(string path) => ForeignBytes.Read(path, "a safetensors file", () =>
    {
        OrdinaryFile.Require(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var header = SafetensorsHeader.Read(path, stream);
        return new SafetensorsFile(path, File.OpenHandle(path), header);
    });

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyCollection<TensorInfo> Tensors => _tensors.Values;

    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <exception cref="UserException">The file has no such tensor.</exception>
    public TensorInfo this[string name] =>
        _tensors.TryGetValue(name, out var info)
            ? info
            : throw new UserException($"{Path}: the tensor {name} is missing (the file has {_tensors.Count} tensors)");

    /// <summary>Reads a floating-point tensor of any width.</summary>
    /// <exception cref="UserException">The tensor is missing or holds integers, or the file cannot be read.</exception>
    public void Read(string name, Span<float> destination) => Read(name, destination, static (source, values, type) =>
    {
        for (int i = 0; i < values.Length; i++) values[i] = (float)RealAt(source, i, type);
    });

    /// <summary>As <see cref="Read(string, Span{float})"/>, of numbers that have to be finite.</summary>
    /// <exception cref="UserException">As there, or a value is NaN or infinite.</exception>
    public void ReadFinite(string name, Span<float> destination)
    {
        Read(name, destination);
        RequireFinite(Path, name, destination);
    }

    /// <inheritdoc cref="Read(string, Span{float})"/>
    public void Read(string name, Span<double> destination) => Read(name, destination, static (source, values, type) =>
    {
        for (int i = 0; i < values.Length; i++) values[i] = RealAt(source, i, type);
    });

    /// <summary>Reads an integer tensor whose values fit into 32 bits.</summary>
    /// <exception cref="UserException">The tensor is missing, holds real numbers, or a value does not fit.</exception>
    public void Read(string name, Span<int> destination)
    {
        var info = this[name];
        if (IsReal(info.Type)) throw new UserException($"{Path}: tensor {name} is {info.Type}, expected whole numbers");
        Read(name, destination, (source, values, type) =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                long value = WholeAt(source, i, type);
                if (value is < int.MinValue or > int.MaxValue) throw new UserException($"{Path}: tensor {name} holds {value}, which does not fit into 32 bits");
                values[i] = (int)value;
            }
        });
    }

    public float[] Floats(string name)
    {
        var values = new float[this[name].Length];
        Read(name, values);
        return values;
    }

    public double[] Doubles(string name)
    {
        var values = new double[this[name].Length];
        Read(name, values);
        return values;
    }

    public int[] Ints(string name)
    {
        var values = new int[this[name].Length];
        Read(name, values);
        return values;
    }

    public void Dispose() => _handle.Dispose();

    /// <exception cref="UserException">A value is NaN or infinite.</exception>
    internal static void RequireFinite(string path, string name, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) throw new UserException($"{path}: tensor {name} holds {values[i]} at element {i}: the weights are damaged");
    }

    private delegate void Convert<T>(ReadOnlySpan<byte> source, Span<T> values, TensorType type);

    private void Read<T>(string name, Span<T> destination, Convert<T> convert) where T : unmanaged
    {
        var info = this[name];
        if (typeof(T) != typeof(int) && !IsReal(info.Type)) throw new UserException($"{Path}: tensor {name} is {info.Type}, expected F32, F16, BF16 or F64");
        if (destination.Length != info.Length) throw new ArgumentException($"{name} has {info.Length} elements, not {destination.Length}", nameof(destination));
        long position = _dataStart + info.Begin;
        if (typeof(T).Name == NativeName(info.Type))
        {
            Fill(name, MemoryMarshal.AsBytes(destination), position);
            return;
        }
        int width = TensorInfo.BytesOf(info.Type), step = ChunkBytes / width;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        for (int i = 0; i < destination.Length; i += step)
        {
            int count = Math.Min(step, destination.Length - i);
            Fill(name, chunk.AsSpan(0, count * width), position + (long)i * width);
            convert(chunk, destination.Slice(i, count), info.Type);
        }
        ArrayPool<byte>.Shared.Return(chunk);
    }

    // On a little-endian machine these need no conversion.
    private static string NativeName(TensorType type) => !BitConverter.IsLittleEndian ? "" : type switch
    {
        TensorType.F32 => nameof(Single),
        TensorType.F64 => nameof(Double),
        TensorType.I32 => nameof(Int32),
        _ => "",
    };

    private void Fill(string name, Span<byte> destination, long position) => ExactRead.Fill(_handle, Path, name, destination, position);

    private static bool IsReal(TensorType type) => type <= TensorType.BF16;

    private static double RealAt(ReadOnlySpan<byte> bytes, int i, TensorType type) => type switch
    {
        TensorType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
        TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
        TensorType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
        _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
    };

    private static long WholeAt(ReadOnlySpan<byte> bytes, int i, TensorType type) => type switch
    {
        TensorType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]),
        TensorType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
        TensorType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]),
        TensorType.I8 => (sbyte)bytes[i],
        _ => bytes[i],
    };
}

/// <summary>Reads a tensor's bytes from their place in a file.</summary>
internal static class ExactRead
{
    /// <summary>Fills the whole destination from a position on.</summary>
    /// <exception cref="UserException">The file cannot be read, or ends before.</exception>
    public static void Fill(SafeFileHandle handle, string path, string tensor, Span<byte> destination, long position)
    {
        while (destination.Length > 0)
        {
            int read;
            try
            {
                read = RandomAccess.Read(handle, destination, position);
            }
            catch (IOException e)
            {
                throw new UserException($"{path}: tensor {tensor} cannot be read: {e.Message}", e);
            }
            if (read == 0) throw new UserException($"{path}: the file ends inside tensor {tensor}");
            destination = destination[read..];
            position += read;
        }
    }
}
