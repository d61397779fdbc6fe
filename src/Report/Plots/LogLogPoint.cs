namespace LoraCollab.Report.Plots;

/// <summary>One measured point of a log-log picture; both coordinates are above zero.</summary>
/// <param name="X">What was varied.</param>
/// <param name="Label">How the axis names it: "64", "gpt2".</param>
/// <param name="Y">What was measured.</param>
public readonly record struct LogLogPoint(double X, string Label, double Y);
