namespace LoraCollab.Engine.Checkpoints;

/// <summary>Other ways to lay out a matrix on disk.</summary>
internal static class Matrices
{
    private const int Block = 32;

    /// <summary>destination[c, r] = source[r, c], block by block so that both stay in the cache.</summary>
    public static void Transpose(ReadOnlySpan<float> source, Span<float> destination, int rows, int columns)
    {
        for (int r0 = 0; r0 < rows; r0 += Block)
            for (int c0 = 0; c0 < columns; c0 += Block)
                for (int r = r0; r < Math.Min(rows, r0 + Block); r++)
                    for (int c = c0; c < Math.Min(columns, c0 + Block); c++)
                        destination[c * rows + r] = source[r * columns + c];
    }
}
