using Spectre.Console;
using Spectre.Console.Rendering;

namespace LoraCollab.Report;

/// <summary>
/// Where results are shown: a terminal with colours and moving progress bars, or a file or pipe that gets plain lines. Colours are off where NO_COLOR is set,
/// TERM is dumb or the output is redirected.
/// </summary>
public sealed class Terminal
{
    /// <summary>The width of lines in a file or pipe.</summary>
    public const int PlainWidth = 120;

    private const int LeastWidth = 60;

    private Terminal(TextWriter output, bool terminal, bool styled, int width)
    {
        (Out, Text) = (new ShownWriter(output), terminal ? new ShownWriter(output) : output);
        IsInteractive = styled;
        Width = width;
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = styled ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = styled ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = styled ? InteractionSupport.Yes : InteractionSupport.No,
        });
        Ansi.Pipeline.Attach(new ShownHook());
        Ansi.Profile.Width = width;
        Ansi.Profile.Capabilities.Unicode = true;
    }

    /// <summary>For lines. What they quote is shown, never obeyed.</summary>
    public TextWriter Out { get; }

    /// <summary>For text that a model writes: in a file or pipe as it is, on a terminal as <see cref="Out"/>.</summary>
    public TextWriter Text { get; }

    /// <summary>Whether there may be colours, moving bars and rewritten lines.</summary>
    public bool IsInteractive { get; }

    /// <summary>Characters a line.</summary>
    public int Width { get; }

    /// <summary>For tables, rules and colours.</summary>
    public IAnsiConsole Ansi { get; }

    /// <summary>Writes one line of Spectre markup, never broken at the width.</summary>
    public void MarkupLine(string markup) => As(int.MaxValue / 4, () => Ansi.MarkupLine(markup));

    /// <summary>Writes what needs so many columns, whether the terminal has them or not.</summary>
    public void WriteAtLeast(int columns, IRenderable what) => As(Math.Max(Width, columns), () => Ansi.Write(what));

    private void As(int width, Action write)
    {
        Ansi.Profile.Width = width;
        try
        {
            write();
        }
        finally
        {
            Ansi.Profile.Width = Width;
        }
    }

    /// <summary>Standard output as the process found it; with NO_COLOR nothing but text is written, as to a file.</summary>
    public static Terminal Standard(TextWriter output)
    {
        bool terminal = !Console.IsOutputRedirected;
        bool styled = terminal && Environment.GetEnvironmentVariable("TERM") is not "dumb"
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(output, terminal, styled, terminal ? Math.Max(LeastWidth, SafeWidth()) : PlainWidth);
    }

    /// <summary>A file or pipe.</summary>
    public static Terminal Plain(TextWriter output) => new(output, terminal: false, styled: false, PlainWidth);

    private static int SafeWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return PlainWidth;
        }
    }
}
