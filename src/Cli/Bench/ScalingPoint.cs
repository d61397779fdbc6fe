namespace LoraCollab.Cli.Bench;

/// <summary>What one size costs.</summary>
/// <param name="Size">The x of tables and pictures: clients, tokens, rank, parameters.</param>
/// <param name="Label">The same for people: "64", "gpt2".</param>
/// <param name="Ms">Milliseconds, the median of the repeats.</param>
/// <param name="PeakMb">The most memory the process held, in 10⁶ bytes, the median of the repeats.</param>
/// <param name="Command">What was run, so that it can be run again.</param>
internal sealed record ScalingPoint(double Size, string Label, double Ms, double PeakMb, string Command);
