namespace LoraCollab.Kernels.Reference;

/// <summary>A part of a buffer seen as a row-major table, so that loops read like the formula: <c>y[m, o]</c>.</summary>
internal readonly ref struct Table
{
    private readonly Span<double> _values;
    private readonly int _rowStride, _columnStride;

    public Table(Span<double> values, int columns) : this(values, columns, 1) { }

    /// <summary>Element (row, column) lies at row·rowStride + column·columnStride: a transposed table is one with the strides exchanged.</summary>
    public Table(Span<double> values, int rowStride, int columnStride)
    {
        _values = values;
        (_rowStride, _columnStride) = (rowStride, columnStride);
    }

    public ref double this[int row, int column] => ref _values[row * _rowStride + column * _columnStride];

    public bool IsEmpty => _values.IsEmpty;
}
