using LoraCollab.Engine;

namespace LoraCollab.Report.Gradients;

/// <summary>A gradient's way as plain values for JSON.</summary>
public static class PathJson
{
    public static object Of(GradientPath path) => new
    {
        tensor = path.Tensor,
        norm = GradientJson.Finite(path.Norm),
        fault = path.First is { IsFault: true },
        first = path.First is { } f ? new { kind = f.Fault.ToString().ToLowerInvariant(), tensor = f.Tensor, text = f.Text } : null,
        rows = path.Rows.Select(r => new
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
