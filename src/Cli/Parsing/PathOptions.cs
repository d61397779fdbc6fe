using CommandLine;

namespace LoraCollab.Cli.Parsing;

/// <summary>Options that name files and folders: those whose help says DIR, FILE, PATH, or WHAT, which may be a path.</summary>
internal static class PathOptions
{
    /// <summary>The value with its path changed: of "jsonl:~/x" what stands behind the prefix.</summary>
    public static string Change(OptionAttribute option, string value, Func<string, string> change) => option.MetaValue switch
    {
        "DIR" or "FILE" or "PATH" => change(value),
        "WHAT" => Corpora.WithPath(value, change),
        _ => value,
    };

    /// <summary>A command line with the user's own folder for "~" where a shell leaves it: behind "=" and behind the prefix of a format.</summary>
    public static string[] ExpandHome(Type command, string[] arguments)
    {
        var options = ArgumentCheck.Options(command).ToDictionary(o => "--" + o.Option.LongName, o => o.Option, StringComparer.Ordinal);
        OptionAttribute? current = null;
        return [.. arguments.Select(argument =>
        {
            if (!argument.StartsWith("--", StringComparison.Ordinal)) return current is null ? argument : Expand(current, argument);
            int equals = argument.IndexOf('=');
            current = options.GetValueOrDefault(equals < 0 ? argument : argument[..equals]);
            return equals < 0 || current is null ? argument : argument[..(equals + 1)] + Expand(current, argument[(equals + 1)..]);
        })];
    }

    private static string Expand(OptionAttribute option, string value) => Change(option, value, path => HomePath.Expand(path, "--" + option.LongName));
}
