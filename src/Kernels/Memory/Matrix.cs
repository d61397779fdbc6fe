namespace LoraCollab.Kernels.Memory;

/// <summary>
/// A weight W [IC, OC] of y = x·W. A trainable weight is a view of plain rows (<see cref="Dense"/>), read where it lies. A frozen one is packed once
/// by <see cref="ComputeBackend.Pack"/> into the layout its backend likes best, serves forward, backward and embedding look-up from that one copy,
/// and the original can be dropped.
/// </summary>
public abstract class Matrix(string name, int ic, int oc) : IDisposable
{
    public string Name { get; } = name;

    /// <summary>Inputs: rows of W.</summary>
    public int IC { get; } = ic;

    /// <summary>Outputs: columns of W.</summary>
    public int OC { get; } = oc;

    /// <summary>
    /// A trainable weight over <paramref name="values"/>: [IC, OC] row-major, or [OC, IC] where <paramref name="transposed"/> (as wte [V, C] is for the
    /// classifier x·wteᵀ).
    /// </summary>
    public static DenseMatrix Dense(string name, View values, int ic, int oc, bool transposed = false) => new(name, values, ic, oc, transposed);

    public abstract void Dispose();
}

/// <summary>
/// A weight that lies in a flat buffer as plain rows and may change between calls; the buffer belongs to someone else, but for a copy that a backend packed.
/// </summary>
public sealed class DenseMatrix : Matrix
{
    private readonly bool _owned;

    /// <param name="owned">True where the buffer is the matrix's own and goes with it.</param>
    internal DenseMatrix(string name, View values, int ic, int oc, bool transposed, bool owned = false) : base(name, ic, oc)
    {
        if (values.Length != (long)ic * oc)
            throw new ArgumentException($"{name}: a matrix of {ic} × {oc} needs {(long)ic * oc} elements, the view has {values.Length}", nameof(values));
        (Values, Transposed, _owned) = (values, transposed, owned);
    }

    public View Values { get; }

    /// <summary>True where the rows are outputs: element (i, o) of W lies at o·IC + i instead of i·OC + o.</summary>
    public bool Transposed { get; }

    public override void Dispose()
    {
        if (_owned) Values.Buffer.Dispose();
    }
}
