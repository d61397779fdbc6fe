using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// A checkpoint of karpathy/llm.c (gpt2_124M.bin, model_00000100.bin), little-endian: 256 int32 of header, of which the first eight are magic, version (3:
/// float32, 5: bfloat16), context, V, L, NH, C and Vp, the rows of wte with padding; then all parameters, each kind for all layers together, linear weights as
/// [out, in]. The padded rows belong to no token and are left out; the GELU is the tanh form and the head is tied.
/// </summary>
public sealed class LlmcCheckpoint : IWeights, IDisposable
{
    private const int Magic = 20240326, HeaderBytes = 1024, Float32 = 3, BFloat16 = 5;

    /// <summary>The order of the kinds within a block.</summary>
    private static readonly string[] s_ofBlocks =
    [
        "ln_1.weight", "ln_1.bias", "attn.c_attn.weight", "attn.c_attn.bias", "attn.c_proj.weight", "attn.c_proj.bias",
        "ln_2.weight", "ln_2.bias", "mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias",
    ];

    private readonly Dictionary<string, long> _places = [];
    private readonly FlatLayout _layout;
    private readonly SafeFileHandle _handle;
    private readonly int _width;

    private LlmcCheckpoint(string path, GptConfig config, int paddedVocabulary, int width)
    {
        (Path, Config, _layout, _width) = (path, config, config.Layout(), width);
        _places["wte.weight"] = 0;
        long place = (long)paddedVocabulary * config.Channels;
        Place("wpe.weight", ref place);
        foreach (string kind in s_ofBlocks)
            for (int l = 0; l < config.Layers; l++) Place($"h.{l}.{kind}", ref place);
        Place("ln_f.weight", ref place);
        Place("ln_f.bias", ref place);
        _handle = File.OpenHandle(path);
    }

    public string Path { get; }

    public GptConfig Config { get; }

    /// <summary>True for a file that begins as one of llm.c's models does.</summary>
    public static bool Is(string path) => ForeignBytes.Read(path, "a checkpoint", () =>
    {
        OrdinaryFile.Require(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && BinaryPrimitives.ReadInt32LittleEndian(magic) == Magic;
    });

    /// <exception cref="UserException">The file is missing, truncated, of another version, or its header contradicts itself or the file's length.</exception>
    public static LlmcCheckpoint Open(string path) => ForeignBytes.Read(path, "a checkpoint of llm.c", () =>
    {
        OrdinaryFile.Require(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[HeaderBytes];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new UserException($"{path}: {stream.Length} bytes are fewer than the header of a checkpoint of llm.c has: truncated?");
        var header = new int[8];
        for (int i = 0; i < header.Length; i++) header[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * i));
        if (header is not [Magic, var version, var context, var vocabulary, var layers, var heads, var channels, var padded])
            throw new UserException($"{path}: begins with {header[0]}, expected {Magic}, with which checkpoints of llm.c begin");
        if (version is not (Float32 or BFloat16) || padded == 0)
            throw new UserException($"{path}: version {version} of llm.c's checkpoints is not read: expected {Float32} (float32) or {BFloat16} "
                + "(bfloat16), both with a padded vocabulary; export it anew");
        var config = new GptConfig(layers, heads, channels, vocabulary, context).Checked(path);
        if (padded < vocabulary) throw new UserException($"{path}: the header gives wte {padded} rows for {vocabulary} tokens");
        int width = version == Float32 ? 4 : 2;
        Int128 expected = HeaderBytes + width * Parameters(config, padded);
        if (stream.Length != expected)
            throw new UserException($"{path}: the header describes {expected:N0} bytes and the file has {stream.Length:N0}: truncated, or no "
                + "checkpoint of llm.c");
        return new LlmcCheckpoint(path, config, padded, width);
    });

    /// <inheritdoc/>
    /// <exception cref="UserException">A value is NaN or infinite, or the file cannot be read.</exception>
    public void Read(string name, Span<float> destination)
    {
        var shape = _layout[name].Shape;
        if (shape.Length == 2 && name.StartsWith("h.", StringComparison.Ordinal))
        {
            var rows = new float[destination.Length];
            Fill(name, rows);
            Matrices.Transpose(rows, destination, shape[1], shape[0]);
        }
        else
        {
            Fill(name, destination);
        }
        SafetensorsFile.RequireFinite(Path, name, destination);
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>12 layers of 2 norms and 4 projections, two tables and a norm.</summary>
    private static Int128 Parameters(GptConfig config, int padded)
    {
        Int128 c = config.Channels;
        return ((Int128)padded + config.Context) * c + config.Layers * (12 * c * c + 13 * c) + 2 * c;
    }

    private void Place(string name, ref long place)
    {
        _places[name] = place;
        place += _layout[name].Length;
    }

    private void Fill(string name, Span<float> destination)
    {
        long position = HeaderBytes + _places[name] * _width;
        if (_width == 4)
        {
            Fill(name, MemoryMarshal.AsBytes(destination), position);
            return;
        }
        var halves = new ushort[destination.Length];
        Fill(name, MemoryMarshal.AsBytes(halves.AsSpan()), position);
        for (int i = 0; i < halves.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
    }

    private void Fill(string name, Span<byte> bytes, long position) => ExactRead.Fill(_handle, Path, name, bytes, position);
}
