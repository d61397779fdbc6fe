using System.Diagnostics;

namespace LoraCollab.Cli.Bench;

/// <summary>How things are timed.</summary>
internal static class Stopwatches
{
    /// <summary>Runs <paramref name="work"/> once for every element of <paramref name="milliseconds"/>, which gets the times; allocates nothing.</summary>
    public static void Time(double[] milliseconds, Action<int> work)
    {
        for (int i = 0; i < milliseconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work(i);
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    /// <summary>The upper median.</summary>
    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>The most memory the process has held at once, in 10⁶ bytes.</summary>
    public static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / 1e6);
    }
}
