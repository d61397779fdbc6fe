namespace LoraCollab.Kernels.Ilgpu;

/// <summary>What a lane of a device's holds beside its buffers: three workspaces, each as large as the largest op wants.</summary>
internal sealed partial class IlgpuBackend
{
    /// <summary>Bytes of a lane that meets these passes.</summary>
    /// <param name="splits">Whether thin products are split: not on the simulator, whose groups are single threads.</param>
    internal static long WorkspaceBytes(bool splits, IEnumerable<PassShapes> passes)
    {
        long rows = 0, logits = 0, parts = 0;
        foreach (var pass in passes)
        {
            if (pass.Gradients) rows = Math.Max(rows, pass.Attention.Rows);
            logits = Math.Max(logits, Math.Min(ClassifierChunk, pass.Attention.Rows) * (long)pass.Vocabulary);
            foreach (var a in pass.Adapters)
            {
                if (!a.Dropout.IsNone) rows = Math.Max(rows, (long)a.Rows * a.IC);
                if (!splits) continue;
                parts = Math.Max(parts, SplitSize((long)a.Rows * a.Rank, pass.Gradients ? Math.Max(a.IC, a.OC) : a.IC));
                if (pass.Gradients) parts = Math.Max(parts, SplitSize((long)a.Rank * Math.Max(a.IC, a.OC), a.Rows));
            }
        }
        return sizeof(float) * (rows + logits + parts);
    }

    /// <summary>Elements of the chunks of a product of so many outputs and such a depth; 0 where it is not split.</summary>
    private static long SplitSize(long outputs, int depth) =>
        outputs > SplitOutputs || depth <= SplitDepth ? 0 : (depth + SplitDepth - 1) / SplitDepth * outputs;
}
