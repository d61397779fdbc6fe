using System.Reflection;
using CommandLine;

namespace LoraCollab.Cli.Collab;

/// <summary>The options of `collab` by their long names: what a preset sets, a sweep varies, and a command line is written of.</summary>
internal static class CollabOptions
{
    /// <summary>Where a run is kept and how its output looks: no part of what it is.</summary>
    private static readonly string[] s_handling = ["out", "threads", "checkpoint-every", "resume", "fresh", "dry-run", "json", "quiet"];

    private static readonly IReadOnlyDictionary<string, PropertyInfo> s_all = typeof(CollabArguments).GetInterfaces().Append(typeof(CollabArguments))
        .SelectMany(t => t.GetProperties())
        .Where(p => p.GetCustomAttribute<OptionAttribute>() is not null)
        .ToDictionary(p => p.GetCustomAttribute<OptionAttribute>()!.LongName, p => typeof(CollabArguments).GetProperty(p.Name)!);

    /// <summary>Long names, without dashes.</summary>
    public static IEnumerable<string> Names => s_all.Keys;

    /// <summary>True for an option with one value: neither a flag nor a list.</summary>
    public static bool TakesOneValue(string name) => s_all.TryGetValue(name, out var property) && property.PropertyType == typeof(string);

    public static bool IsGiven(CollabArguments arguments, string name) => s_all[name].GetValue(arguments) switch
    {
        null or false => false,
        string => true,
        IEnumerable<string> list => list.Any(),
        _ => true,
    };

    /// <summary>Sets an option as the command line would: a flag by "true", a list by its words with blanks between them.</summary>
    public static void Set(CollabArguments arguments, string name, string text)
    {
        var property = s_all[name];
        object value = property.PropertyType == typeof(bool) ? text == "true" : property.PropertyType == typeof(string) ? text : text.Split(' ');
        property.SetValue(arguments, value);
    }

    /// <summary>The collab command line that makes this very run, wherever it is kept: "loracollab collab --data news --seed 3".</summary>
    public static string CommandLineOf(CollabArguments arguments) => "loracollab collab" + string.Concat(
        s_all.Keys.Where(name => !s_handling.Contains(name) && IsGiven(arguments, name)).Order(StringComparer.Ordinal)
            .Select(name => $" --{name}" + Values(s_all[name].GetValue(arguments))));

    private static string Values(object? value) => value switch
    {
        string text => " " + Quoted(text),
        IEnumerable<string> list => string.Concat(list.Select(v => " " + Quoted(v))),
        _ => "",
    };

    private static string Quoted(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:,+".Contains(c)) ? text : $"'{text.Replace("'", "'\\''")}'";
}
