using System.Numerics.Tensors;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// Four rows of a matrix, some columns of each: used where they lie when there are four and the columns fill whole vectors; else, or dropped, as a copy
/// filled up with zeros.
/// </summary>
internal unsafe struct FourRows
{
    /// <summary>Columns at a time: they stay in the nearest cache while several passes go over them.</summary>
    public const int Columns = 512;

    /// <summary>Elements from one row of a copy to the next: an odd number of cache lines, so that rows do not fall on each other's places.</summary>
    public const int Apart = Columns + 16;

    /// <summary>Elements of a copy.</summary>
    public const int Size = 4 * Apart;

    private float* _copy, _source;
    private nint _sourceStride, _rows, _columns;
    private long _element;

    /// <param name="scratch">Room for <see cref="Size"/> elements.</param>
    /// <param name="matrix">Element (row, column) at row·<paramref name="stride"/> + column.</param>
    /// <param name="stride">Columns of the matrix.</param>
    /// <param name="row">First row.</param>
    /// <param name="rows">1 … 4.</param>
    /// <param name="column">First column; at most <see cref="Columns"/> from there on are meant.</param>
    public static FourRows At(float* scratch, float* matrix, nint stride, nint row, nint rows, nint column) => new()
    {
        _copy = scratch,
        _source = matrix + row * stride + column,
        _sourceStride = stride,
        _rows = rows,
        _columns = Math.Min(Columns, stride - column),
        _element = row * stride + column,
    };

    /// <summary>Element (r, i) at r·<see cref="Stride"/> + i.</summary>
    public float* Values { get; private set; }

    public nint Stride { get; private set; }

    /// <summary>Columns in whole vectors.</summary>
    public readonly nint Count => (_columns + 15) & ~15;

    private readonly bool Whole => _rows == 4 && (_columns & 15) == 0;

    /// <summary>The rows as they are.</summary>
    public void Read()
    {
        Values = Whole ? _source : _copy;
        Stride = Whole ? _sourceStride : Apart;
        if (Whole) return;
        Clear(_copy);
        for (nint r = 0; r < _rows; r++) Row(r).CopyTo(Copied(r));
    }

    /// <summary>The rows through a mask.</summary>
    public void Read(in DropoutLanes mask)
    {
        if (mask.IsNone) Read();
        else Read(Keep(mask, _copy));
    }

    /// <summary>The rows times what <see cref="Keep"/> gave; as they are where that was null.</summary>
    public void Read(float* keep)
    {
        if (keep is null)
        {
            Read();
            return;
        }
        Values = _copy;
        Stride = Apart;
        if (!Whole && keep != _copy) Clear(_copy);
        for (nint r = 0; r < _rows; r++) TensorPrimitives.Multiply(Row(r), new ReadOnlySpan<float>(keep + r * Apart, (int)_columns), Copied(r));
    }

    /// <summary>The mask's multipliers of these rows, in rows of <see cref="Apart"/>, zeros outside; null without dropout.</summary>
    public readonly float* Keep(in DropoutLanes mask, float* keep)
    {
        if (mask.IsNone) return null;
        if (!Whole) Clear(keep);
        for (nint r = 0; r < _rows; r++) mask.Fill(keep + r * Apart, _element + r * _sourceStride, _columns);
        return keep;
    }

    /// <summary>Puts changed values back where they came from.</summary>
    public readonly void Write()
    {
        if (Whole) return;
        for (nint r = 0; r < _rows; r++) Copied(r).CopyTo(new(_source + r * _sourceStride, (int)_columns));
    }

    private static void Clear(float* copy) => new Span<float>(copy, Size).Clear();

    private readonly ReadOnlySpan<float> Row(nint r) => new(_source + r * _sourceStride, (int)_columns);

    private readonly Span<float> Copied(nint r) => new(_copy + r * Apart, (int)_columns);
}
