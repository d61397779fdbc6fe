using System.Reflection;
using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli;

/// <summary>The help pages: an overview of the commands, and one page a command with its options and an example.</summary>
internal static class Help
{
    /// <summary>All commands, a line each.</summary>
    public static string Overview(int width)
    {
        int indent = CommandRegistry.Verbs.Max(v => v.Length) + 4;
        var lines = CommandRegistry.All.Select(t => t.GetCustomAttribute<VerbAttribute>()!).Select(v => $"  {v.Name.PadRight(indent - 2)}{v.HelpText}");
        return string.Join(Environment.NewLine,
        [
            "LoraCollab: clients fine-tune LoRA adapters of one frozen GPT-2 and learn whom to trust.", "",
            "  loracollab collab              the whole experiment on the model and data that ship with the program",
            "  loracollab COMMAND --help      options of a command, with an example", "",
            "Commands:", .. lines,
        ]);
    }

    /// <summary>Every option of a command and its text.</summary>
    public static IEnumerable<(string Option, string Text)> Options(Type command) => command.GetInterfaces().Append(command).SelectMany(t => t.GetProperties())
        .Select(p => p.GetCustomAttribute<OptionAttribute>()).OfType<OptionAttribute>().Select(o => ("--" + o.LongName, o.HelpText)).Distinct();

    /// <summary>One command's page.</summary>
    public static string Of(Type command, int width)
    {
        var verb = command.GetCustomAttribute<VerbAttribute>()!;
        using var parser = new Parser(settings => settings.HelpWriter = null);
        var result = parser.ParseArguments([verb.Name, "--help"], command);
        var text = HelpText.AutoBuild(result, help =>
        {
            help.Heading = $"loracollab {verb.Name}: {verb.HelpText}";
            help.Copyright = "";
            help.AddNewLineBetweenHelpSections = true;
            help.AdditionalNewLineAfterOption = false;
            help.AddDashesToOption = true;
            help.AutoVersion = false;
            help.MaximumDisplayWidth = width;
            return help;
        }, e => e, verbsIndex: false, maxDisplayWidth: width);
        return text.ToString();
    }
}
