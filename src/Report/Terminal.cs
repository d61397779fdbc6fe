using Spectre.Console;

namespace LoraCollab.Report;

/// <summary>
/// Where results are shown: a terminal with colours and moving progress bars, or a file or pipe that gets plain lines. Colours are off where NO_COLOR is set,
/// TERM is dumb or the output is redirected.
/// </summary>
public sealed class Terminal
{
    /// <summary>The width of lines in a file or pipe.</summary>
    public const int PlainWidth = 120;

    private Terminal(TextWriter output, bool interactive, bool colours, int width)
    {
        Out = output;
        IsInteractive = interactive;
        Width = width;
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = interactive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
        });
        Ansi.Profile.Width = width;
        Ansi.Profile.Capabilities.Unicode = true;
    }

    public TextWriter Out { get; }

    /// <summary>Whether bars may move and lines be rewritten.</summary>
    public bool IsInteractive { get; }

    /// <summary>Characters a line.</summary>
    public int Width { get; }

    /// <summary>For tables, rules and colours.</summary>
    public IAnsiConsole Ansi { get; }

    /// <summary>Writes one line of Spectre markup, never broken at the width.</summary>
    public void MarkupLine(string markup)
    {
        var wide = Ansi.Profile.Width;
        Ansi.Profile.Width = int.MaxValue / 4;
        try
        {
            Ansi.MarkupLine(markup);
        }
        finally
        {
            Ansi.Profile.Width = wide;
        }
    }

    /// <summary>Standard output as the process found it.</summary>
    public static Terminal Standard(TextWriter output)
    {
        bool interactive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        bool colours = interactive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(output, interactive, colours, interactive ? Math.Max(60, SafeWidth()) : PlainWidth);
    }

    /// <summary>A file or pipe.</summary>
    public static Terminal Plain(TextWriter output) => new(output, interactive: false, colours: false, PlainWidth);

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
