namespace LoraCollab.Cli.Gradcheck;

/// <summary>What a check of gradients found.</summary>
/// <param name="Subject">What was checked: "24 cases of attention".</param>
/// <param name="Backend">Where, for people.</param>
/// <param name="Own">The backend's short name, for columns.</param>
/// <param name="Checks">One a gradient.</param>
/// <param name="Sweeps">What the step size does; empty where all ops were checked.</param>
internal sealed record GradcheckResult(string Subject, string Backend, string Own, IReadOnlyList<GradientCheck> Checks, IReadOnlyList<StepSweep> Sweeps)
{
    /// <summary>Whether the gradients stand in the order of the forward pass: the last that fails is then the nearest to the fault.</summary>
    public bool InForwardOrder { get; init; }

    /// <summary>A line for each op or layer that failed, at its worst gradient; or one that says that none did.</summary>
    public IEnumerable<string> Verdict
    {
        get
        {
            var failed = Checks.Where(c => !c.Passed).ToList();
            if (failed.Count == 0)
                yield return $"ok: {Checks.Count} gradients of {Format.Count(Checks.Sum(c => (double)c.Exact.Length))} elements, "
                    + $"{Format.Count(Checks.Sum(c => (double)c.Sample.Length))} of them differenced";
            foreach (var op in failed.GroupBy(c => c.Op)) yield return GradientCheckTable.Verdict(op.MaxBy(c => c.Severity)!);
            if (failed.Count > 0 && InForwardOrder)
                yield return $"The gradient comes from the loss: it goes wrong at {failed[^1].Tensor}, "
                    + "or between that and the next tensor above it that is right.";
        }
    }

    /// <summary>The result as one object; numbers that are not finite are null.</summary>
    public object Json(int top) => new
    {
        subject = Subject,
        backend = Backend,
        passed = Checks.All(c => c.Passed),
        gradients = Checks.Select(c => new
        {
            op = c.Op,
            place = c.Place,
            tensor = c.Tensor,
            shape = c.Shape,
            passed = c.Passed,
            error_to_double = Number(c.KernelError),
            allowed_to_double = c.KernelTolerance,
            differenced = c.Sample.Length,
            error_to_differences = Number(c.DifferenceError),
            allowed_to_differences = GradientCheck.DifferenceTolerance,
        }),
        worst = GradientCheckTable.Worst(Checks, top).Select(p => new
        {
            op = p.Check.Op,
            place = p.Check.Place,
            tensor = p.Check.Tensor,
            index = p.Element.Index,
            found = Number(p.Element.Found),
            @double = Number(p.Element.Exact),
            difference = p.Element.Difference is { } d ? Number(d) : null,
            relative_error = Number(p.Element.RelativeError),
        }),
        sweeps = Sweeps.Select(s => new
        {
            name = s.Name,
            steps = s.Steps.Select(e => new { h = e.Step, error_in_double = Number(e.Error), error_on_backend = e.OwnError is { } own ? Number(own) : null }),
        }),
    };

    /// <summary>gradcheck.json, and sweep.png and sweep.svg where steps were swept.</summary>
    public void Save(string folder, int top)
    {
        AtomicFile.WriteText(Path.Combine(folder, "gradcheck.json"), JsonText.File(Json(top)));
        if (Sweeps.Count > 0) StepSweepPicture.Save(Path.Combine(folder, "sweep"), $"Central differences: {Subject}", Sweeps, Own);
    }

    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
