using System.Reflection;

namespace LoraCollab.Cli;

/// <summary>The help pages, from what is declared: an overview of the commands, and one page per command.</summary>
internal static class Help
{
    /// <summary>Up to so many options stand on a page without headings.</summary>
    private const int FewOptions = 16, MostCommon = 10, NameColumn = 30;

    /// <summary>All commands, a line each.</summary>
    public static string Overview(int width)
    {
        int indent = CommandRegistry.Verbs.Max(v => v.Length) + 4;
        var lines = CommandRegistry.Groups.SelectMany(g => (string[])
            ["", $"{g.Heading}:", .. g.Commands.Select(VerbAttribute.Of).SelectMany(v => Row($"  {v.Name}", v.Help, indent, width))]);
        return string.Join('\n',
        [
            "LoraCollab: clients fine-tune LoRA adapters of one frozen GPT-2 and learn whom to trust.", "",
            "  loracollab collab                 the whole experiment on the model and data that ship with the program",
            "  loracollab COMMAND --help         the options of a command, with examples; --help all: every one of them",
            "  loracollab completion SHELL       completion for bash, zsh or pwsh", .. lines,
        ]);
    }

    /// <summary>One command's page: of many options the most used with their text, of the rest the names; or all of them.</summary>
    public static string Of(Type command, int width, bool all)
    {
        var verb = VerbAttribute.Of(command);
        string operands = verb.Operands.Length == 0 ? "" : " " + verb.Operands;
        var lines = new List<string>();
        lines.AddRange(Wrapped($"loracollab {verb.Name}: {verb.Help}", "", width));
        lines.AddRange(["", "USAGE:", $"  loracollab {verb.Name}{operands} [--option value ...]"]);
        foreach (var example in command.GetCustomAttributes<ExampleAttribute>())
            lines.AddRange(["", .. Wrapped(example.About + ":", "", width), .. Copied($"loracollab {verb.Name} {example.Arguments}".TrimEnd(), width)]);
        lines.AddRange(Options(command, width, all));
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Options(Type command, int width, bool all)
    {
        var options = OptionTable.Of(command);
        object defaults = Activator.CreateInstance(command)!;
        IEnumerable<string> Rows(IEnumerable<OptionDeclaration> some) => some.SelectMany(o => Row($"  --{o.Name} {o.Value}",
            o.About + (o.Default(defaults) is { } standard ? $" Default: {standard}." : ""), NameColumn, width));
        IEnumerable<string> Groups(IEnumerable<OptionDeclaration> some, Func<IGrouping<OptionGroup, OptionDeclaration>, IEnumerable<string>> rows) =>
            some.GroupBy(o => o.Group).OrderBy(g => g.Key).SelectMany(g => rows(g));
        if (options.Count <= FewOptions) return ["", "OPTIONS:", .. Rows(options)];
        if (all) return Groups(options, g => ["", $"{Heading(g.Key)}:", .. Rows(g)]);
        OptionDeclaration[] common = [.. options.Where(o => o.IsCommon).Take(MostCommon)];
        return
        [
            "", "MOST USED:", .. Rows(common), "", $"ALSO (loracollab {VerbAttribute.Of(command).Name} --help all explains them):",
            .. Groups(options.Except(common), g => Row($"  {Heading(g.Key).ToLowerInvariant()}", string.Join(' ', g.Select(o => "--" + o.Name)), NameColumn,
                width)),
        ];
    }

    private static string Heading(OptionGroup group) => group == OptionGroup.Upload ? "PRIVACY AND UPLOAD" : group.ToString().ToUpperInvariant();

    /// <summary>A name, and its text beside it from a column on.</summary>
    private static IEnumerable<string> Row(string name, string text, int column, int width)
    {
        string[] lines = [.. Wrapped(text, new string(' ', column), width)];
        return name.TrimEnd().Length + 1 < column ? [name.TrimEnd().PadRight(column) + lines[0].TrimStart(), .. lines[1..]] : [name.TrimEnd(), .. lines];
    }

    /// <summary>A command line that can be copied: where it is long, it goes on behind a backslash.</summary>
    private static IEnumerable<string> Copied(string command, int width)
    {
        string[] lines = [.. Wrapped(command, "  ", width - 2)];
        return lines.Select((line, i) => i < lines.Length - 1 ? line + " \\" : line);
    }

    private static IEnumerable<string> Wrapped(string text, string indent, int width)
    {
        string line = indent;
        foreach (string word in text.Split(' '))
        {
            if (line.Length > indent.Length && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = indent;
            }
            line += line.Length > indent.Length ? " " + word : word;
        }
        yield return line;
    }
}
