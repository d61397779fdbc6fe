using System.Diagnostics;

namespace LoraCollab.Cli.Profiling;

/// <summary>
/// A whole collaboration under a profiler on every lane. It is run three times in a folder that is thrown away: to warm up, without profilers, and with them.
/// </summary>
internal static class CollabProfile
{
    /// <param name="run">The options of `collab`; its folder and its iterations are replaced.</param>
    /// <param name="steps">Training steps of every client.</param>
    /// <param name="trace">Keep every call.</param>
    /// <param name="memory">Look at memory too.</param>
    /// <param name="progress">Told what is done.</param>
    /// <param name="stop">Stops it.</param>
    public static (ProfileResult Result, Ceilings Ceilings, double Seconds) Run(
        OptionValues run, int steps, bool trace, bool memory, Action<string> progress, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("loracollab-profile-").FullName;
        try
        {
            run = new OptionValues(run).Set("out", folder).Set("fresh").Set("iterations", $"{steps}");
            using var setup = CollabSetup.Of(Command.Of<CollabCommand>(run), profiling: true);
            var result = Run(setup, steps, trace, memory, progress, stop);
            var (ceilings, seconds) = ProfileResult.Measure(setup.Backend);
            return (result, ceilings, seconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ProfileResult Run(CollabSetup setup, int steps, bool trace, bool memory, Action<string> progress, CancellationToken stop)
    {
        var collaboration = setup.Collaboration;
        OpProfiler[] profilers = [.. collaboration.Lanes.Select(lane => new OpProfiler(lane, trace))];
        try
        {
            progress("the collaboration once to warm up, once without and once with the profiler");
            Milliseconds(collaboration, stop);
            setup.Backend.ForgetLaunches();
            double off = Milliseconds(collaboration, stop);
            foreach (var profiler in profilers) profiler.Start();
            double on = Milliseconds(collaboration, stop);
            foreach (var profiler in profilers) profiler.Stop();
            var options = collaboration.Options;
            string what = $"collab: {setup.Model.Name}, {Format.Several(setup.Data.Clients.Count, "client")}, {string.Join(", ", options.Schemes)}, "
                + $"{steps} steps of {options.BatchSize * options.AccumulationSteps} × {options.SequenceLength} tokens";
            return new ProfileResult(what, setup.Backend.Description, steps, [.. profilers.Select(p => p.Profile())], [.. profilers.Select(p => p.Trace())],
                new ProfileCost(off / steps, on / steps, on / off - 1, "one run each, over its steps"))
            {
                Kernels = ProfileKernel.Of(setup.Backend),
                Memory = memory ? ProfileMemory.Of(setup.Backend.Memory, collaboration.Plan.Memory) : null,
            };
        }
        finally
        {
            foreach (var profiler in profilers) profiler.Dispose();
        }
    }

    private static double Milliseconds(Collaboration collaboration, CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp();
        collaboration.Run(new SilentObserver(), stop);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
