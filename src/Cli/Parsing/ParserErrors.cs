using CommandLine;

namespace LoraCollab.Cli.Parsing;

/// <summary>Says the parser library's errors in one line that names the option; <see cref="ArgumentCheck"/> has caught the common ones before.</summary>
internal static class ParserErrors
{
    public static string Describe(Error error, string verb) => error switch
    {
        MissingRequiredOptionError e => $"{verb}: {Dashed(e.NameInfo.NameText)} is required",
        RepeatedOptionError e => $"{verb}: {Dashed(e.NameInfo.NameText)} is given more than once",
        SequenceOutOfRangeError e => $"{verb}: {Dashed(e.NameInfo.NameText)} needs at least one value",
        BadFormatTokenError e => $"{verb}: '{e.Token}' could not be read as an option",
        TokenError e => $"{verb}: unknown option {Dashed(e.Token)}",
        NamedError e => $"{verb}: {Dashed(e.NameInfo.NameText)} could not be read ({e.Tag})",
        _ => $"{verb}: the command line could not be read ({error.Tag})",
    };

    private static string Dashed(string name) => name.StartsWith('-') ? name : (name.Length == 1 ? "-" : "--") + name;
}
