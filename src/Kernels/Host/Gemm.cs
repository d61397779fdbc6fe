namespace LoraCollab.Kernels.Host;

/// <summary>
/// C [M, N] (=, +=) A·B (+ bias) for any two operands that can be given as strips and panels. Blocks of B of <see cref="Depth"/> k × a few panels stay in the
/// second-level cache while all strips of A pass over them; a strip stays in the first-level cache while it passes over the block. Threads share out tiles of
/// C, never a sum.
/// <para>Where the second operand is kept in rows along k and the first is cheap to transpose (the backward product over packed panels), the same loops compute
/// Cᵀ into scratch memory, block by block, and turn it over at the end: then nothing of the weight is ever moved.</para>
/// </summary>
internal unsafe struct Gemm<TStrips, TPanels> : IHostJob
    where TStrips : unmanaged, IStrips
    where TPanels : unmanaged, IPanels
{
    /// <summary>k in a block; a multiple of every tile width.</summary>
    private const int Depth = 256;

    /// <summary>Columns of a block: with <see cref="Depth"/> k about a quarter of a megabyte.</summary>
    private const int BlockColumns = 256;

    /// <summary>Rows of Cᵀ that are finished before they are turned over.</summary>
    private const int BlockRows = 768;

    private TStrips _a;
    private TPanels _b;
    private float* _c;
    private nint _stride, _m, _n, _k;
    private float* _bias;
    private bool _accumulate, _turned;
    private int _columnParts;

    /// <summary>C[m, n] = Σ_k A[m, k]·B[k, n]: strips are rows of C.</summary>
    public static void Run(WorkerPool pool, float* c, nint stride, TStrips a, TPanels b, nint m, nint n, nint k, float* bias = null, bool accumulate = false) =>
        Run(pool, new Gemm<TStrips, TPanels> { _a = a, _b = b, _c = c, _stride = stride, _m = m, _n = n, _k = k, _bias = bias, _accumulate = accumulate });

    /// <summary>C[n, m] = Σ_k A[m, k]·B[k, n]: strips are columns of C [N, M].</summary>
    public static void RunTurned(WorkerPool pool, float* c, nint stride, TStrips a, TPanels b, nint m, nint n, nint k, float* bias = null) =>
        Run(pool, new Gemm<TStrips, TPanels> { _a = a, _b = b, _c = c, _stride = stride, _m = m, _n = n, _k = k, _bias = bias, _turned = true });

    private static void Run(WorkerPool pool, Gemm<TStrips, TPanels> job)
    {
        nint width = Tile.Width, strips = (job._m + Tile.Rows - 1) / Tile.Rows, panels = (job._n + width - 1) / width;
        int parts = job._m * job._n * job._k < 1 << 18 ? 1 : pool.Threads;
        int best = Grid(strips, panels, ref parts, job._k * job._n <= NearElements);
        job._columnParts = best;
        pool.Run(ref job, parts, job.ScratchSize());
    }

    /// <summary>Elements of B up to which every thread may read all of it: a megabyte.</summary>
    private const int NearElements = 1 << 18;

    /// <summary>
    /// Cuts the tiles of C into rows × columns of parts. A small B is cut by rows alone, as the ops between products are: every thread meets the rows again
    /// that it wrote before. Else the largest part shall be smallest; of equals the one with more columns, which reads B only once.
    /// </summary>
    private static int Grid(nint strips, nint panels, ref int parts, bool near)
    {
        int bestColumns = 1, bestParts = 1;
        nint smallest = nint.MaxValue;
        if (near && strips >= 8 * parts) return 1;
        for (int columns = parts; columns >= 1; columns--)
        {
            int rows = parts / columns;
            nint largest = ((strips + rows - 1) / rows) * ((panels + columns - 1) / columns);
            if (largest < smallest) (smallest, bestColumns, bestParts) = (largest, columns, rows * columns);
        }
        parts = bestParts;
        return bestColumns;
    }

    /// <summary>A few rows use every element of B once: no block of it need be kept, and whole columns of k keep the stream from memory unbroken.</summary>
    private readonly nint DepthOfBlock => !TPanels.Copies && _m <= Tile.Rows ? _k : Depth;

    private readonly nint StripSize => Tile.Rows * ((DepthOfBlock + Tile.Width - 1) / Tile.Width * Tile.Width);

    private readonly nint PanelsSize => TPanels.Copies ? Depth * BlockColumns : 0;

    /// <summary>Elements of scratch memory that every part of a product of M rows and depth K wants.</summary>
    public static long Scratch(nint m, nint k, bool turned) => new Gemm<TStrips, TPanels> { _m = m, _k = k, _turned = turned }.ScratchSize();

    private readonly long ScratchSize() => StripSize + PanelsSize + (_turned ? BlockRows * BlockColumns : 0);

    public void Run(int part, int parts, float* scratch)
    {
        var (rowFrom, rowTo) = Partition.Of(_m, Tile.Rows, part / _columnParts, parts / _columnParts);
        var (columnFrom, columnTo) = Partition.Of(_n, Tile.Width, part % _columnParts, _columnParts);
        for (nint n = columnFrom; n < columnTo; n += BlockColumns)
        {
            nint columns = Math.Min(BlockColumns, columnTo - n);
            if (!_turned)
            {
                Block(scratch, _c + n, _stride, 0, rowFrom, rowTo, n, columns);
                continue;
            }
            float* turned = scratch + StripSize + PanelsSize;
            for (nint m = rowFrom; m < rowTo; m += BlockRows)
            {
                nint rows = Math.Min(BlockRows, rowTo - m);
                Block(scratch, turned, BlockColumns, m, m, m + rows, n, columns);
                TurnOver(_c + n * _stride + m, turned, m, rows, columns);
            }
        }
    }

    /// <summary>One block of columns: C of row m lies at c + (m − origin)·stride.</summary>
    private readonly void Block(float* scratch, float* c, nint stride, nint origin, nint rowFrom, nint rowTo, nint n, nint columns)
    {
        nint width = Tile.Width, panels = (columns + width - 1) / width, blockDepth = DepthOfBlock;
        for (nint k = 0; k < _k; k += blockDepth)
        {
            nint depth = Math.Min(blockDepth, _k - k);
            bool accumulate = _accumulate || k > 0;
            float* bias = k + depth == _k && !_turned ? _bias : null;
            float* b = _b.Panels(scratch + StripSize, n / width, panels, k, depth, out nint panelStride);
            var next = TPanels.Copies ? default : NextBlock(n, panels, k, depth, panelStride);
            for (nint m = rowFrom; m < rowTo; m += Tile.Rows)
            {
                nint rows = Math.Min(Tile.Rows, rowTo - m);
                float* a = _a.Strip(scratch, m, rows, k, depth, out nint chunk);
                float* row = c + (m - origin) * stride;
                for (nint p = 0; p < panels; p++)
                {
                    var ahead = TStrips.Copies ? next.Take(depth) : NextStrip(a, chunk, p);
                    if (m + Tile.Rows < rowTo) _a.Prefetch(m + Tile.Rows, Math.Min(Tile.Rows, rowTo - m - Tile.Rows), k, depth, p, panels);
                    if (p + 1 < panels)
                        for (nint r = 0; r < rows; r++) Lines.Prefetch(row + r * stride + (p + 1) * width, width);
                    Tile.Multiply(
                        row + p * width, stride, rows, Math.Min(width, columns - p * width), a, chunk, b + p * panelStride, depth, accumulate,
                        bias is null ? null : bias + n + p * width, ahead);
                }
            }
        }
    }

    /// <summary>The first tiles of a strip that lies in panels bring the strip below it.</summary>
    private static Tile.Ahead NextStrip(float* a, nint chunk, nint panel)
    {
        nint size = Tile.Rows * Tile.Width, offset = panel * Tile.Ahead.Elements;
        return offset < size ? new(a + size + offset, chunk) : default;
    }

    /// <summary>Where stored panels go on: further down k, or at the top of the next columns.</summary>
    private readonly AheadBlock NextBlock(nint n, nint panels, nint k, nint depth, nint panelStride)
    {
        bool down = k + depth < _k;
        nint panel = n / Tile.Width + (down ? 0 : panels);
        if (panel * Tile.Width >= _n) return default;
        float* start = _b.Panels(null, panel, panels, down ? k + depth : 0, depth, out _);
        return new AheadBlock(start, panelStride, depth * Tile.Width, Math.Min(panels, (_n + Tile.Width - 1) / Tile.Width - panel));
    }

    private readonly void TurnOver(float* c, float* turned, nint m, nint rows, nint columns)
    {
        Transpose.Rows(c, _stride, turned, BlockColumns, rows, columns);
        if (_bias is null) return;
        for (nint n = 0; n < columns; n++)
            for (nint r = 0; r < rows; r++)
                c[n * _stride + r] += _bias[m + r];
    }
}

/// <summary>A block of panels still to come, handed out to tiles in small pieces.</summary>
internal unsafe struct AheadBlock(float* start, nint panelStride, nint panelSize, nint panels)
{
    private float* _panel = start;
    private nint _left = panels, _offset;

    /// <summary>The next piece, as large as a tile of <paramref name="depth"/> k asks for.</summary>
    public Tile.Ahead Take(nint depth)
    {
        if (_left == 0) return default;
        var piece = new Tile.Ahead(_panel + _offset, Tile.Ahead.Elements);
        _offset += (depth + Tile.Width - 1) / Tile.Width * Tile.Ahead.Elements;
        if (_offset >= panelSize)
        {
            _panel += panelStride;
            _offset = 0;
            _left--;
        }
        return piece;
    }
}
