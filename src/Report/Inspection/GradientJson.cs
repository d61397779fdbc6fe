namespace LoraCollab.Report.Inspection;

/// <summary>A gradient report as plain values for JSON: what is not finite is null there, and counted beside.</summary>
public static class GradientJson
{
    /// <param name="report">What was found.</param>
    /// <param name="findings">Its verdict.</param>
    /// <param name="angles">Between the clients of a run, by scheme; none where no run was given.</param>
    public static object Of(
        GradientReport report, IReadOnlyList<GradientFinding> findings, IReadOnlyList<(string Scheme, IReadOnlyList<UpdateAngles> Angles)> angles) => new
        {
            steps = report.Steps,
            batches = report.Batches,
            loss = Finite(report.Loss),
            fault = findings.Any(f => f.IsFault),
            verdict = GradientVerdict.Lines(findings),
            findings = findings.Select(f => new { kind = f.Fault.ToString().ToLowerInvariant(), tensor = f.Tensor, text = f.Text }),
            tensors = report.Tensors.Select(t => new
            {
                name = t.Name,
                kind = t.Kind.ToString().ToLowerInvariant(),
                norm = Finite(t.Gradient.Norm),
                max = Finite(t.Gradient.Max),
                zeros = t.Gradient.Zeros,
                rows = t.Gradient.Rows,
                dead_rows = t.Gradient.DeadRows,
                not_finite = t.Gradient.NonFinite,
                weight_norm = t.Weight is { } w ? Finite(w) : null,
                update_ratio = t.UpdateRatio is { } u ? Finite(u) : null,
                signal_to_noise = t.SignalToNoise is { } s ? Finite(s) : null,
            }),
            updates = report.Spectra.Select(s => new
            {
                projection = s.Projection,
                norm = Finite(s.Norm),
                effective_rank = s.EffectiveRank,
                singular_values = s.Singular.Select(Finite),
            }),
            angles = angles.ToDictionary(a => a.Scheme,
            a => a.Angles.Select(t => new { target = t.Target, degrees = t.Degrees.Select(row => row.Select(Finite)) })),
        };

    /// <summary>The value, or null where JSON has none for it.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

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
