using System.Diagnostics;
using Spectre.Console;

namespace LoraCollab.Report;

/// <summary>Shows how far a run is: a bar with the time left on a terminal, a line now and then in a file or pipe, nothing where quiet.</summary>
public sealed class ProgressView
{
    private const double LineStep = 1.0 / 30;

    private static readonly TimeSpan LinePause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(1);

    private readonly Action<string, double> show;

    private readonly Action<string> note;

    private ProgressView(Action<string, double> show, Action<string> note) => (this.show, this.note) = (show, note);

    /// <summary>Runs <paramref name="work"/> while its reports are shown; may be told from any thread.</summary>
    public static T Watch<T>(Terminal terminal, bool quiet, Func<ProgressView, T> work)
    {
        if (quiet) return work(new ProgressView((_, _) => { }, _ => { }));
        return terminal.IsInteractive ? OnTerminal(terminal, work) : work(new ProgressView(Lines(terminal.Out), terminal.Out.WriteLine));
    }

    /// <summary>What is being done now, and which share of the whole is done, from 0 to 1.</summary>
    public void Report(string stage, double done) => show(stage, done);

    /// <summary>Something a person should know, on a line of its own.</summary>
    public void Note(string text) => note(text);

    private static T OnTerminal<T>(Terminal terminal, Func<ProgressView, T> work) =>
        terminal.Ansi.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(),
                new ElapsedTimeColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var task = progress.AddTask("starting", maxValue: 1);
                return work(new ProgressView((stage, done) =>
                {
                    task.Description = Markup.Escape(stage.PadRight(44));
                    task.Value = done;
                }, terminal.Ansi.WriteLine));
            });

    /// <summary>A line at the first report and at the end; between them about every thirtieth of the way, five seconds to a minute apart.</summary>
    private static Action<string, double> Lines(TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        (TimeSpan Time, double Done)? first = null, last = null;
        return (stage, done) =>
        {
            lock (watch)
            {
                var now = watch.Elapsed;
                first ??= (now, done);
                if (last is { } l && done < 1 && (now - l.Time < LinePause || (done - l.Done < LineStep && now - l.Time < LongestPause))) return;
                last = (now, done);
                output.WriteLine($"{done * 100,3:0} %  {stage} ({Format.Duration(now)}{Left(now - first.Value.Time, done - first.Value.Done, 1 - done)})");
            }
        };
    }

    /// <summary>The time left, once enough is done to tell.</summary>
    private static string Left(TimeSpan passed, double done, double left) =>
        done > 0.02 && left > 0 ? ", about " + Format.Duration(passed * (left / done)) + " left" : "";
}
