using System.Globalization;

namespace LoraCollab.Report.Inspection;

/// <summary>What a check of gradients found: a line per op or tensor, the worst elements, and the sweep of the step size.</summary>
public static class GradientCheckTable
{
    /// <summary>One line per op.</summary>
    public static void WriteOps(Terminal terminal, IReadOnlyList<GradientCheck> checks)
    {
        var table = new FittedTable("op", "gradients", "elements", "to double", "allowed", "differenced", "to differences", "");
        foreach (var op in checks.GroupBy(c => c.Op))
        {
            var kernel = op.MaxBy(c => c.KernelError / c.KernelTolerance)!;
            table.AddRow(op.Key, $"{op.Count()}", Format.Count(op.Sum(c => (double)c.Exact.Length)), Power(kernel.KernelError), Power(kernel.KernelTolerance),
                Format.Count(op.Sum(c => (double)c.Sample.Length)), Power(op.Max(c => c.DifferenceError)), Mark(op.All(c => c.Passed)));
        }
        table.Write(terminal);
    }

    /// <summary>One line per tensor.</summary>
    public static void WriteTensors(Terminal terminal, IReadOnlyList<GradientCheck> checks)
    {
        bool onePlace = IsOnePlace(checks);
        var table = new FittedTable("", "gradient of", "elements", "to double", "allowed", "differenced", "to differences", "");
        foreach (var c in checks)
            table.AddRow(onePlace ? c.Op : c.Place, c.Tensor, Format.Count(c.Exact.Length), Power(c.KernelError), Power(c.KernelTolerance),
                Format.Count(c.Sample.Length), Power(c.DifferenceError), Mark(c.Passed));
        table.Write(terminal);
    }

    /// <summary>The elements of the largest error of all checks, the worst first.</summary>
    public static void WriteWorst(Terminal terminal, IReadOnlyList<GradientCheck> checks, int count)
    {
        var table = new FittedTable("worst elements", "index", "backend", "in double", "by differences", "relative error");
        bool onePlace = IsOnePlace(checks);
        foreach (var (check, e) in Worst(checks, count))
            table.AddRow(onePlace ? check.Tensor : $"{check.Tensor} in {check.Place}", check.IndexText(e.Index), Digits(e.Found), Digits(e.Exact),
                e.Difference is { } d ? Digits(d) : "", Power(e.RelativeError));
        table.Write(terminal);
    }

    /// <summary>The elements of the largest error of all checks, the worst first.</summary>
    public static IEnumerable<(GradientCheck Check, GradientElement Element)> Worst(IReadOnlyList<GradientCheck> checks, int count) =>
        checks.SelectMany(c => c.Worst(count).Select(e => (Check: c, Element: e))).OrderByDescending(p => p.Element.RelativeError).Take(count);

    /// <summary>One line per step size, one or two columns per sweep.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="sweeps">Side by side, over the same steps.</param>
    /// <param name="own">What the backend under test is called.</param>
    public static void WriteSweep(Terminal terminal, IReadOnlyList<StepSweep> sweeps, string own)
    {
        var table = new FittedTable(["step h",
            .. sweeps.SelectMany(s => s.BestOwn is null ? (string[])[$"{s.Name}, double"] : [$"{s.Name}, double", $"{s.Name}, {own}"])]);
        for (int k = 0; k < StepSweep.Sizes.Count; k++)
            table.AddRow([Power(StepSweep.Sizes[k]), .. sweeps.SelectMany(s =>
                s.Steps[k].OwnError is { } e ? (string[])[Star(s.Steps[k].Error, s.Best.Error), Star(e, s.BestOwn!.OwnError!.Value)]
                    : [Star(s.Steps[k].Error, s.Best.Error)])]);
        table.Write(terminal);
        terminal.Out.WriteLine("Relative error of the central difference (L(θ + h) − L(θ − h)) / 2h. * least. "
            + "Above it truncation, with h²; below it rounding, with 1/h.");

        static string Star(double error, double least) => error == least ? $"{Power(error)} *" : $"{Power(error)}  ";
    }

    /// <summary>What is wrong, in one line: op, operand, worst element.</summary>
    public static string Verdict(GradientCheck failed)
    {
        var e = failed.Worst(1)[0];
        string differences = e.Difference is { } d ? $", by differences {Digits(d)}" : "";
        return $"FAILED {failed.Op}: the gradient of {failed.Tensor} in {failed.Place} is wrong; worst at [{failed.IndexText(e.Index)}]: "
            + $"found {Digits(e.Found)}, in double {Digits(e.Exact)}{differences}";
    }

    private static bool IsOnePlace(IReadOnlyList<GradientCheck> checks) => checks.All(c => c.Place == checks[0].Place);

    private static string Mark(bool passed) => passed ? "ok" : "[bold]FAILED[/]";

    private static string Power(double value) => value.ToString("0.0e+00", CultureInfo.InvariantCulture);

    private static string Digits(double value) => value.ToString("0.0000000e+00", CultureInfo.InvariantCulture);
}
