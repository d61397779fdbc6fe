namespace LoraCollab.Cli;

/// <summary>From a command line to an exit code: finds the command, reads its options, runs it, and says in at most four lines what went wrong.</summary>
internal static class Application
{
    private const string Name = "loracollab";

    public static int Run(string[] args, Terminal terminal, TextWriter error, StopSignal stop)
    {
        try
        {
            return args switch
            {
                [] => throw new UsageException("no command given", $"commands: {string.Join(", ", CommandRegistry.Verbs)}",
                    $"{Name} --help says what each does"),
                ["--version" or "version", ..] => Print(terminal.Out, Shell.Version.Text),
                ["--help" or "-h" or "help"] => Print(terminal.Out, Help.Overview(terminal.Width)),
                ["help", .. var verb] => Print(terminal.Out, Help.Of(Known(Join(verb)[0]), terminal.Width, verb[^1] == "all")),
                _ => Dispatch(Join(args), new CommandContext(terminal, error, stop)),
            };
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("LORACOLLAB_DEBUG") is not "1")
        {
            return Failure.Report(e, error, stop);
        }
    }

    /// <summary>"bench", "step" → "bench step": the verbs of two words.</summary>
    private static string[] Join(string[] args)
    {
        if (args is not [var first, ..] || Seconds(first) is not { Length: > 0 } verbs) return args;
        if (args is [_, "--help" or "-h", ..]) return [verbs[0], .. args[1..]];
        if (args is [_, var what, ..] && !what.StartsWith('-')) return [$"{first} {what}", .. args[2..]];
        throw new UsageException($"{first}: say what to {(first == "bench" ? "measure" : first)}", $"commands: {string.Join(", ", verbs)}");
    }

    /// <summary>The verbs of two words that begin with a word.</summary>
    private static string[] Seconds(string first) => [.. CommandRegistry.Verbs.Where(v => v.StartsWith(first + " ", StringComparison.Ordinal))];

    private static Type Known(string verb) => CommandRegistry.Find(verb) ?? throw new UsageException(
        $"unknown command '{verb}'{(Meant(verb) is { } guess ? $"; did you mean {guess}?" : "")}", $"commands: {string.Join(", ", CommandRegistry.Verbs)}");

    /// <summary>The one command that begins so, or the nearest by spelling.</summary>
    private static string? Meant(string verb) => CommandRegistry.Verbs.Where(v => v.StartsWith(verb, StringComparison.Ordinal)).ToArray() is [var one] ? one
        : Nearest.To(verb, CommandRegistry.Verbs);

    private static int Dispatch(string[] args, CommandContext context)
    {
        var (verb, rest) = (args[0], args[1..]);
        var type = Known(verb);
        if (Array.FindIndex(rest, a => a is "--help" or "-h") is >= 0 and var at)
            return Print(context.Out, Help.Of(type, context.Terminal.Width, rest.ElementAtOrDefault(at + 1) == "all"));
        var (given, words) = CommandWords.Read(verb, type, rest);
        return Command.Of(type, given, words).Run(context);
    }

    private static int Print(TextWriter output, string text)
    {
        output.WriteLine(text.TrimEnd());
        return ExitCode.Success;
    }
}
