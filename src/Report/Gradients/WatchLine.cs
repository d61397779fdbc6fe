namespace LoraCollab.Report.Gradients;

/// <summary>The norms of one step's gradient on one line: all of it, then block by block.</summary>
public static class WatchLine
{
    public static string Of(long iteration, IReadOnlyList<TensorNorm> norms) =>
        $"gradient at iteration {iteration}: {Scientific.Text(TensorNorm.Of(norms))}; "
            + string.Join("  ", norms.GroupBy(n => n.Place).Select(g => $"{g.Key} {Scientific.Text(TensorNorm.Of(g))}"));
}
