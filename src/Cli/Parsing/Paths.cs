namespace LoraCollab.Cli.Parsing;

/// <summary>Options whose values name files and folders.</summary>
internal static class Paths
{
    /// <summary>The value with its path changed: of "jsonl:~/x" what stands behind the prefix.</summary>
    public static string Change(OptionDeclaration option, string value, Func<string, string> change) =>
        option.IsPath ? change(value) : option.Value == "WHAT" ? Corpora.WithPath(value, change) : value;
}
