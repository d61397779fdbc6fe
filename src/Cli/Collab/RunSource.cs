using System.Reflection;
using CommandLine;
using LoraCollab.Cli.Options;
using LoraCollab.Data;
using LoraCollab.Federation;

namespace LoraCollab.Cli.Collab;

/// <summary>How a run opened model and data, as options by their names: what source.json holds.</summary>
internal static class RunSource
{
    private static readonly PropertyInfo[] s_options = [.. typeof(ISourceOptions).GetInterfaces().SelectMany(i => i.GetProperties())];

    /// <summary>The options that were given.</summary>
    public static IReadOnlyDictionary<string, string> Of(ISourceOptions text) =>
        s_options.Where(o => o.GetValue(text) is not null).OrderBy(Name, StringComparer.Ordinal).ToDictionary(Name, o => (string)o.GetValue(text)!);

    /// <summary>Puts what a run was given where nothing else is.</summary>
    /// <param name="text">The options as they were given.</param>
    /// <param name="folder">Of the run.</param>
    /// <exception cref="UserException">source.json is damaged, or names what is no such option.</exception>
    public static void Fill(ISourceOptions text, string folder)
    {
        var source = RunFolder.ReadSource(folder);
        if (source.Keys.FirstOrDefault(key => !s_options.Any(o => Name(o) == key)) is { } unknown)
            throw new UserException($"{Path.Combine(folder, "source.json")}: {ForeignText.Quoted(unknown)} is no option of model or data");
        foreach (var option in s_options)
            if (option.GetValue(text) is null && source.TryGetValue(Name(option), out string? value)) option.SetValue(text, value);
    }

    private static string Name(PropertyInfo option) => option.GetCustomAttribute<OptionAttribute>()!.LongName;
}
