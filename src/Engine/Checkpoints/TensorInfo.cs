namespace LoraCollab.Engine.Checkpoints;

/// <summary>One tensor of a safetensors file: its type, its shape, and where its bytes lie after the header.</summary>
public sealed record TensorInfo(string Name, TensorType Type, int[] Shape, long Begin, long End)
{
    /// <summary>Elements.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>"[4, 32]".</summary>
    public string ShapeText => TextOf(Shape);

    public static string TextOf(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";

    public static int BytesOf(TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 => 8,
        TensorType.F32 or TensorType.I32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 => 2,
        _ => 1,
    };
}

/// <summary>Element types of a safetensors file.</summary>
public enum TensorType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    BOOL,
}
