namespace LoraCollab.Report.Plots;

/// <summary>One diagram of a log-log picture.</summary>
/// <param name="Title">What is on the y axis.</param>
/// <param name="X">What is on the x axis.</param>
/// <param name="Points">From left to right.</param>
/// <param name="Text">A value of the y axis for people, with its unit.</param>
public sealed record LogLogPanel(string Title, string X, IReadOnlyList<LogLogPoint> Points, Func<double, string> Text);
