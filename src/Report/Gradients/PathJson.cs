namespace LoraCollab.Report.Gradients;

/// <summary>A gradient's way as plain values for JSON.</summary>
public static class PathJson
{
    public static object Of(GradientPath path) => Of(path.Tensor, path.Norm, path.First, path.Rows);

    /// <summary>The same where the forward pass fails: a finding, and no rows.</summary>
    public static object WithoutWay(string tensor, GradientFinding found) => Of(tensor, double.NaN, found, []);

    private static object Of(string tensor, double norm, GradientFinding? first, IReadOnlyList<GradientPathRow> rows) => new
    {
        tensor,
        norm = GradientJson.Finite(norm),
        fault = first is { IsFault: true },
        first = first is { } f ? new { kind = f.Fault.ToString().ToLowerInvariant(), tensor = f.Tensor, text = f.Text } : null,
        rows = rows.Select(r => new
        {
            op = r.Op,
            scope = r.Scope,
            tensor = r.Tensor,
            @in = GradientJson.Finite(r.In),
            @out = GradientJson.Finite(r.Out),
            factor = GradientJson.Finite(r.Factor),
            cosine = r.Cosine is { } c ? GradientJson.Finite(c) : null,
        }),
    };
}
