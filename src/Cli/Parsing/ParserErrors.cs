using CommandLine;

namespace LoraCollab.Cli.Parsing;

/// <summary>Says the parser library's errors in one line that names the option; <see cref="CommandWords"/> has caught the common ones before.</summary>
internal static class ParserErrors
{
    public static string Describe(Error error) => error switch
    {
        RepeatedOptionError e => $"{Dashed(e.NameInfo.NameText)} is given more than once",
        SequenceOutOfRangeError e => $"{Dashed(e.NameInfo.NameText)} needs at least one value",
        BadFormatTokenError e => $"'{e.Token}' could not be read as an option",
        TokenError e => $"unknown option {Dashed(e.Token)}",
        NamedError e => $"{Dashed(e.NameInfo.NameText)} could not be read ({e.Tag})",
        _ => $"the command line could not be read ({error.Tag})",
    };

    private static string Dashed(string name) => name.StartsWith('-') ? name : (name.Length == 1 ? "-" : "--") + name;
}
