using System.Diagnostics;
using System.Runtime;

namespace LoraCollab.Cli.Bench;

/// <summary>The time since the process started, cut into phases that follow one another, and how much of each the compiler took.</summary>
internal sealed class StartPhases
{
    private readonly long _processStart;
    private readonly List<StartPhase> _phases = [];
    private double _milliseconds, _compiling;
    private long _methods;

    public StartPhases()
    {
        using var process = Process.GetCurrentProcess();
        _processStart = Stopwatch.GetTimestamp() - (long)((DateTime.Now - process.StartTime).TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Milliseconds since the process started, at the end of the last phase. The operating system knows the start to about 10 ms.</summary>
    public double Total => _milliseconds;

    public IReadOnlyList<StartPhase> All => _phases;

    /// <summary>What ran since the phase before, or since the process started, was <paramref name="name"/>.</summary>
    public void End(string name)
    {
        double now = Stopwatch.GetElapsedTime(_processStart).TotalMilliseconds, compiling = JitInfo.GetCompilationTime().TotalMilliseconds;
        long methods = JitInfo.GetCompiledMethodCount();
        _phases.Add(new StartPhase(name, Math.Round(now - _milliseconds, 1), Math.Round(compiling - _compiling, 1), methods - _methods));
        (_milliseconds, _compiling, _methods) = (now, compiling, methods);
    }
}

/// <summary>One phase of a start.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Ms">Its time in milliseconds.</param>
/// <param name="JitMs">What compiling took of it, over all threads.</param>
/// <param name="Methods">Methods compiled.</param>
internal readonly record struct StartPhase(string Name, double Ms, double JitMs, long Methods);
