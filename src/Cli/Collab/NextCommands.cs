namespace LoraCollab.Cli.Collab;

/// <summary>The commands that try what a run has made, ready to be copied.</summary>
internal static class NextCommands
{
    public static void Write(TextWriter output, string folder, RunSummary summary, CollabCommand command)
    {
        string scheme = summary.Schemes.MinBy(s => s.Value.MeanPerplexity).Key, program = Program();
        int client = summary.Schemes[scheme].Counted.First().Id;
        string adapter = RunFolder.AdapterFolder(folder, scheme, client);
        string Flag(string option) => command.Given[option] is { } value ? $" --{option} {Quote(value)}" : "";
        string model = Flag("model") + Flag("tokenizer");
        string data = Flag("data") + Flag("text-field") + Flag("category-field");
        output.WriteLine($"Everything is in {folder}. Try client {client}'s adapter under {scheme}, and the model without it:");
        output.WriteLine();
        output.WriteLine($"  {program} generate --adapter {Quote(adapter)}{model}");
        output.WriteLine($"  {program} generate{model}");
        output.WriteLine($"  {program} eval --adapter {Quote(adapter)}{model}{data}");
        output.WriteLine();
        output.WriteLine("Pictures, tables and a page about the run:");
        output.WriteLine();
        output.WriteLine($"  {program} report --run {Quote(folder)}");
        output.WriteLine();
    }

    /// <summary>How this program is started from the current folder.</summary>
    private static string Program()
    {
        string path = Environment.ProcessPath ?? "loracollab", name = Path.GetFileNameWithoutExtension(path);
        if (name == "dotnet") return "dotnet " + Quote(Short(Path.Combine(AppContext.BaseDirectory, "loracollab.dll")));
        if (name != "loracollab") return "loracollab";
        string[] search = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return search.Contains(Path.GetDirectoryName(path)) ? "loracollab" : Quote(Short(path));
    }

    /// <summary>Relative to the current folder where that is below it.</summary>
    private static string Short(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        if (relative.StartsWith("..", StringComparison.Ordinal)) return path;
        return relative.Contains(Path.DirectorySeparatorChar) ? relative : Path.Combine(".", relative);
    }

    private static string Quote(string text) =>
        text.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"' or '$' or '&' or '(' or ')') ? $"\"{text.Replace("\"", "\\\"")}\"" : text;
}
