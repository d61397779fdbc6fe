namespace LoraCollab.Cli.Gradcheck;

/// <summary>Gradients of single ops.</summary>
internal static class OpCheck
{
    /// <summary>The sweep takes a case of about so many elements: large enough to be typical.</summary>
    private const int SweptElements = 1000;

    /// <summary>All ops, without sweeps.</summary>
    public static GradcheckResult Every(CaseSize size, ComputeBackend backend, int elements, ulong seed) =>
        new("every op", backend.Description, BackendNames.Of(backend),
            [.. OpGradients.Cases(size).SelectMany(c => OpGradients.Check(c, backend, elements, seed))], []);

    /// <summary>One op by its name, all of a family ("attention" is attention_backward too), or one case.</summary>
    /// <exception cref="Data.UserException">There is no such op.</exception>
    public static GradcheckResult Of(string name, CaseSize size, ComputeBackend backend, int elements, ulong seed)
    {
        if (Enum.GetValues<CaseSize>().SelectMany(OpGradients.Cases).FirstOrDefault(c => c.Name == name) is { } one)
            return Check(name, [one], _ => true, backend, elements, seed);
        string[] ops = [.. OpGradients.Ops.Where(op => op == name || op.StartsWith(name + "_backward", StringComparison.Ordinal))];
        if (ops.Length == 0) throw OptionException.Unknown("op", name, OpGradients.Ops);
        OpCase[] cases = [.. OpGradients.Cases(size).Where(c => c.Steps.Any(s => s.IsBackward && ops.Contains(OpGradients.NameOf(s))))];
        return Check($"{cases.Length} cases of {string.Join(", ", ops)}", cases, ops.Contains, backend, elements, seed);
    }

    private static GradcheckResult Check(string subject, OpCase[] cases, Func<string, bool> wanted, ComputeBackend backend, int elements, ulong seed)
    {
        GradientCheck[] checks = [.. cases.SelectMany(c => OpGradients.Check(c, backend, elements, seed)).Where(c => wanted(c.Op))];
        string typical = checks.MinBy(c => Math.Abs(c.Exact.Length - SweptElements))!.Place;
        StepSweep[] sweeps = [.. checks.Where(c => c.Place == typical)
            .Select(c => OpGradients.Sweep(cases.First(x => x.Name == typical), c.Tensor, backend, elements, seed) with { Name = c.Tensor })];
        return new GradcheckResult(cases.Length == 1 ? subject : $"{subject}, swept in {typical}", backend.Description, BackendNames.Of(backend), checks,
            sweeps);
    }
}
