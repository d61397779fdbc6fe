using System.Runtime.CompilerServices;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// A frozen weight W [IC, OC] in panels: panel p holds columns p·Width … of all IC rows, [IC][Width] without gaps, the last panel filled up with zeros. The
/// forward product walks down a panel (rows i, lanes o); the backward product reads Width consecutive o of a row i; a column (embedding look-up) has stride
/// Width.
/// </summary>
internal sealed unsafe class PackedPanels : Matrix
{
    private AlignedMemory _memory;
    private MemoryLedger? _ledger;

    public PackedPanels(MemoryLedger ledger, string name, ReadOnlySpan<float> values, int ic, int oc, bool transposed) : base(name, ic, oc)
    {
        if (values.Length != (long)ic * oc)
            throw new ArgumentException($"{name}: a matrix of {ic} × {oc} needs {(long)ic * oc} elements, the span has {values.Length}", nameof(values));
        int width = Tile.Width;
        _memory = new AlignedMemory(Elements(ic, oc));
        _ledger = ledger;
        ledger.Add(name, _memory.Bytes);
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

    /// <summary>Elements of the panels, and of the rows past the end that strips of the backward product, which come in whole groups, may look at.</summary>
    public static long Elements(int ic, int oc) => ((oc + Tile.Width - 1L) / Tile.Width * ic + Tile.Rows) * Tile.Width;

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

    ~PackedPanels() => Dispose();

    public override void Dispose()
    {
        Interlocked.Exchange(ref _ledger, null)?.Remove(Name, _memory.Bytes);
        _memory.Free();
        GC.SuppressFinalize(this);
    }
}
