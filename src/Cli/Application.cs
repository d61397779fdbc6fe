using CommandLine;

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
                [] => throw new UsageException("no command given", $"commands: {string.Join(", ", CommandRegistry.Verbs)}", $"{Name} --help says what each does"),
                ["--version" or "version", ..] => Print(terminal.Out, Version.Text),
                ["--help" or "-h" or "help"] => Print(terminal.Out, Help.Overview(terminal.Width)),
                ["help", .. var verb] => Print(terminal.Out, Help.Of(Known(Join(verb)[0]), terminal.Width)),
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
        if (args is [_, "--help" or "-h", ..]) return [verbs[0], "--help"];
        if (args is [_, var what, ..] && !what.StartsWith('-')) return [$"{first} {what}", .. args[2..]];
        throw new UsageException($"{first}: say what to {(first == "bench" ? "measure" : first)}", $"commands: {string.Join(", ", verbs)}");
    }

    /// <summary>The verbs of two words that begin with a word.</summary>
    private static string[] Seconds(string first) => [.. CommandRegistry.Verbs.Where(v => v.StartsWith(first + " ", StringComparison.Ordinal))];

    private static Type Known(string verb) => CommandRegistry.Find(verb) ?? throw new UsageException(
        $"unknown command '{verb}'{(Nearest.To(verb, CommandRegistry.Verbs) is { } guess ? $"; did you mean {guess}?" : "")}",
        $"commands: {string.Join(", ", CommandRegistry.Verbs)}");

    private static int Dispatch(string[] args, CommandContext context)
    {
        string verb = args[0];
        var type = Known(verb);
        if (args.Skip(1).Any(a => a is "--help" or "-h")) return Print(context.Out, Help.Of(type, context.Terminal.Width));
        ArgumentCheck.Check(verb, type, args.AsSpan(1));
        args = [verb, .. PathOptions.ExpandHome(type, args[1..])];
        using var parser = new Parser(settings =>
        {
            settings.HelpWriter = null;
            settings.AutoHelp = false;
            settings.AutoVersion = false;
        });
        var result = parser.ParseArguments(args, type);
        if (result is NotParsed<object> failed)
            throw new UsageException(ParserErrors.Describe(failed.Errors.First(), verb), $"{Name} {verb} --help lists the options");
        var command = (Command)((Parsed<object>)result).Value;
        if (command.Words.Skip(command.MostWords).FirstOrDefault() is { } stray)
            throw new UsageException($"{verb}: '{stray}' belongs to no option", $"{Name} {verb} --help lists the options");
        return command.Run(context);
    }

    private static int Print(TextWriter output, string text)
    {
        output.WriteLine(text.TrimEnd());
        return ExitCode.Success;
    }
}
