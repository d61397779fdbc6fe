using System.Reflection;
using CommandLine;

namespace LoraCollab.Cli.Parsing;

/// <summary>
/// Reads a command line once before the parser library does, for what the library lets pass: an option without its value at the end of the line
/// or before another option, a lone "--", an empty value, a value given to a flag.
/// </summary>
internal static class ArgumentCheck
{
    /// <exception cref="UsageException">Names the option and what it needs.</exception>
    public static void Check(string verb, Type command, ReadOnlySpan<string> arguments)
    {
        var options = Options(command).ToDictionary(o => "--" + o.Option.LongName, o => o.TakesValue, StringComparer.Ordinal);
        options["--help"] = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal)) continue;
            int equals = argument.IndexOf('=');
            string name = equals < 0 ? argument : argument[..equals];
            if (!options.TryGetValue(name, out bool takesValue))
                throw Refuse(verb, $"unknown option {name}{(Synonyms.Guess(name, options.Keys) is { } guess ? $"; did you mean {guess}?" : "")}");
            if (!takesValue && equals >= 0) throw Refuse(verb, $"{name} takes no value, found '{argument[(equals + 1)..]}'");
            if (!takesValue) continue;
            string? value = equals >= 0 ? argument[(equals + 1)..] : i + 1 < arguments.Length ? arguments[i + 1] : null;
            if (value is null || (equals < 0 && value.StartsWith("--", StringComparison.Ordinal))) throw Refuse(verb, $"{name} needs a value");
            if (value.Length == 0) throw Refuse(verb, $"{name} has an empty value");
        }
    }

    /// <summary>Every option of a command, and whether it takes a value.</summary>
    public static IEnumerable<(OptionAttribute Option, bool TakesValue)> Options(Type command) =>
        from property in command.GetInterfaces().Append(command).SelectMany(t => t.GetProperties())
        let option = property.GetCustomAttribute<OptionAttribute>()
        where option is not null
        group (option, property.PropertyType != typeof(bool)) by option.LongName into same
        select same.First();

    private static UsageException Refuse(string verb, string problem) => new($"{verb}: {problem}", $"loracollab {verb} --help lists the options");
}
