namespace LoraCollab.Kernels.Host;

/// <summary>
/// What a lane of the host's holds beside its buffers: one workspace, and scratch memory for each thread; both as large as the largest op wants.
/// </summary>
public sealed unsafe partial class HostBackend
{
    /// <summary>Bytes of a lane that meets these passes.</summary>
    internal static long WorkspaceBytes(int threads, IEnumerable<PassShapes> passes)
    {
        long workspace = 0, scratch = 0;
        foreach (var pass in passes)
        {
            workspace = Math.Max(workspace, WorkspaceOf(pass));
            scratch = Math.Max(scratch, ScratchOf(pass));
        }
        return sizeof(float) * (workspace + threads * scratch);
    }

    /// <summary>Elements for the logits of a chunk, or for an adapter's factors and the chains of their gradients.</summary>
    private static long WorkspaceOf(PassShapes pass)
    {
        long most = Math.Min(ChunkRows(pass.Vocabulary) * (pass.TrainsWeights ? 2 : 1), pass.Attention.Rows) * RowStride(pass.Vocabulary);
        foreach (var adapter in pass.Adapters)
            most = Math.Max(most, new LoraFactorRows(adapter).Size * (pass.Gradients ? 1 + LoraChains(adapter.Rows) : 1));
        return most;
    }

    private static long ScratchOf(PassShapes pass)
    {
        int rows = pass.Attention.Rows, c = pass.Attention.C, chunk = (int)Math.Min(ChunkRows(pass.Vocabulary) * (pass.TrainsWeights ? 2 : 1), rows);
        var head = new HeadShape(null, pass.Attention);
        long most = new AttentionJob { Head = head }.ScratchSize();
        if (pass.Gradients) most = Math.Max(most, new AttentionBackwardJob { Head = head }.ScratchSize());
        if (pass.TopK > 0) most = Math.Max(most, TopK.Scratch(pass.Vocabulary, pass.TopK));
        foreach (var adapter in pass.Adapters)
        {
            var factors = new LoraFactorRows(adapter);
            most = Math.Max(most, pass.Gradients ? LoraBackwardJob.Scratch(factors) : LoraJob.Scratch(factors));
        }
        foreach (var (ic, oc) in pass.Products) most = Math.Max(most, ProductScratch(pass, ic, oc, rows, transposed: false));
        return Math.Max(most, ProductScratch(pass, c, pass.Vocabulary, chunk, transposed: true));
    }

    /// <summary>The largest of the products y = x·W, dx = dy·Wᵀ and dW = xᵀ·dy that the pass runs.</summary>
    /// <param name="transposed">Where W is trained: whether its rows are outputs.</param>
    private static long ProductScratch(PassShapes pass, int ic, int oc, int rows, bool transposed)
    {
        if (!pass.TrainsWeights)
        {
            long forward = Gemm<RowStrips, StoredPanels>.Scratch(rows, ic, turned: false);
            return !pass.Gradients ? forward : Math.Max(forward, TurnsWeight(ic, oc, rows)
                ? Gemm<RowStrips, TurnedPanels>.Scratch(rows, oc, turned: false)
                : Gemm<PanelStrips, ColumnPanels>.Scratch(ic, oc, turned: true));
        }
        // Of rows in memory one of the two products turns the result over; dW never does.
        return transposed ? Gemm<RowStrips, ColumnPanels>.Scratch(oc, ic, turned: true) : Gemm<RowStrips, ColumnPanels>.Scratch(ic, oc, turned: true);
    }
}
