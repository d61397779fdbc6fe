using System.Runtime.CompilerServices;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// A frozen weight W [IC, OC] in panels: panel p holds columns p·Width … of all IC rows, [IC][Width] without gaps, the last panel filled up with zeros.
/// The forward product walks down a panel (rows i, lanes o); the backward product reads Width consecutive o of a row i; a column (embedding look-up) has stride Width.
/// </summary>
internal sealed unsafe class PackedPanels : Matrix
{
    private AlignedMemory _memory;

    public PackedPanels(string name, ReadOnlySpan<float> values, int ic, int oc, bool transposed) : base(name, ic, oc)
    {
        if (values.Length != (long)ic * oc) throw new ArgumentException($"{name}: a matrix of {ic} × {oc} needs {(long)ic * oc} elements, the span has {values.Length}", nameof(values));
        int width = Tile.Width;
        // Strips of the backward product are read in whole groups of rows: the last may look past the end.
        _memory = new AlignedMemory(((long)(oc + width - 1) / width * ic + Tile.Rows) * width);
        fixed (float* source = values)
        {
            for (int o = 0; o < oc; o += width)
            {
                float* panel = Panels + (long)o * ic;
                if (transposed) Transpose.Lanes(panel, width, source + (long)o * ic, ic, Math.Min(width, oc - o), ic);
                else
                    for (int i = 0; i < ic; i++)
                        Unsafe.CopyBlockUnaligned(panel + (long)i * width, source + (long)i * oc + o, (uint)Math.Min(width, oc - o) * 4);
            }
        }
    }

    public float* Panels => _memory.Pointer is not null ? _memory.Pointer : throw new ObjectDisposedException(Name);

    /// <summary>Elements from one panel to the next.</summary>
    public nint Stride => (nint)IC * Tile.Width;

    public void Unpack(Span<float> destination, bool transposed)
    {
        int width = Tile.Width;
        float* panels = Panels;
        for (int o = 0; o < OC; o++)
        {
            float* column = panels + o / width * Stride + o % width;
            for (int i = 0; i < IC; i++)
                destination[checked(transposed ? o * IC + i : i * OC + o)] = column[(long)i * width];
        }
    }

    ~PackedPanels() => _memory.Free();

    public override void Dispose()
    {
        _memory.Free();
        GC.SuppressFinalize(this);
    }
}
