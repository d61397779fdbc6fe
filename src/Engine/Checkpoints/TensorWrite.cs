namespace LoraCollab.Engine.Checkpoints;

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
