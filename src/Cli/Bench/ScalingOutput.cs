using System.Globalization;

namespace LoraCollab.Cli.Bench;

/// <summary>What is shown and stored of a measurement of scaling.</summary>
internal static class ScalingOutput
{
    /// <summary>A table an axis: time and memory of every size, and the exponent from one size to the next.</summary>
    public static void WriteTable(TextWriter output, ScalingSeries series)
    {
        var (time, memory) = series.Overall;
        output.WriteLine($"{series.Axis.Name}: {series.Axis.Title}");
        output.WriteLine($"{series.Axis.Unit,18} {"time",12} {"exponent",9} {"peak memory",12} {"exponent",9}");
        for (int i = 0; i < series.Points.Count; i++)
        {
            var (point, local) = (series.Points[i], series.Local(i));
            output.WriteLine($"{point.Label,18} {Milliseconds(point.Ms),12} {Format.Fixed(local.Time),9} "
                + $"{Megabytes(point.PeakMb),12} {Format.Fixed(local.Memory),9}");
        }
        output.WriteLine($"{"over the range",18} {"",12} {Format.Fixed(time),9} {"",12} {Format.Fixed(memory),9}");
        output.WriteLine();
    }

    /// <summary>The result as one object, for JSON; exponents that are not defined are null.</summary>
    public static object Json(IReadOnlyList<ScalingSeries> all, string backend) => new
    {
        backend,
        axes = all.Select(s => new
        {
            axis = s.Axis.Name,
            measured = s.Axis.Title,
            unit = s.Axis.Unit,
            time_exponent = Number(s.Overall.Time),
            memory_exponent = Number(s.Overall.Memory),
            points = s.Points.Select((p, i) => new
            {
                size = p.Size,
                label = p.Label,
                ms = p.Ms,
                peak_rss_mb = p.PeakMb,
                time_exponent = Number(s.Local(i).Time),
                memory_exponent = Number(s.Local(i).Memory),
                command = p.Command,
            }),
        }),
    };

    /// <summary>scaling.json, scaling.csv, and a picture an axis as scaling-AXIS.png and .svg.</summary>
    public static void WriteFiles(string folder, IReadOnlyList<ScalingSeries> all, string backend)
    {
        AtomicFile.WriteText(Path.Combine(folder, "scaling.json"), JsonText.File(Json(all, backend)));
        var rows = all.SelectMany(s => s.Points.Select((p, i) => string.Create(CultureInfo.InvariantCulture,
            $"{s.Axis.Name},{p.Size},{p.Label},{p.Ms},{p.PeakMb},{Number(s.Local(i).Time)},{Number(s.Local(i).Memory)}\n")));
        const string header = "axis,size,label,ms,peak_rss_mb,time_exponent,memory_exponent\n";
        AtomicFile.WriteText(Path.Combine(folder, "scaling.csv"), header + string.Concat(rows.ToArray()));
        foreach (var series in all)
            LogLogPicture.Save(Path.Combine(folder, $"scaling-{series.Axis.Name}"),
            [
                Panel(series, $"time of a {series.Axis.What}", p => p.Ms, Milliseconds),
                Panel(series, "peak memory of the process", p => p.PeakMb, Megabytes),
            ]);
    }

    private static LogLogPanel Panel(ScalingSeries series, string title, Func<ScalingPoint, double> y, Func<double, string> text) =>
        new(title, series.Axis.Unit, [.. series.Points.Select(p => new LogLogPoint(p.Size, Narrow(p.Label), y(p)))], text);

    /// <summary>"gpt2-medium 355M" on two short lines: the models' places on the axis are close together.</summary>
    private static string Narrow(string label) => label.Replace("gpt2-", "").Replace(' ', '\n');

    private static double? Number(double value) => double.IsFinite(value) ? Math.Round(value, 3) : null;

    private static string Megabytes(double value) => WithUnit(value, "MB", "GB");

    private static string Milliseconds(double value) => WithUnit(value, "ms", "s");

    private static string WithUnit(double value, string unit, string thousands) => value < 999.5
        ? string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.##} {thousands}");
}
