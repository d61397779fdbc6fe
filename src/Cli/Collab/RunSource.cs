using System.Reflection;
using CommandLine;

namespace LoraCollab.Cli.Collab;

/// <summary>How a run opened model and data, as options by their names: what source.json holds. Its paths are whole, to hold from any folder.</summary>
internal static class RunSource
{
    private static readonly (PropertyInfo Property, OptionAttribute Option)[] s_options =
        [.. typeof(ISourceOptions).GetInterfaces().SelectMany(i => i.GetProperties()).Select(p => (p, p.GetCustomAttribute<OptionAttribute>()!))];

    /// <summary>The options that were given.</summary>
    public static IReadOnlyDictionary<string, string> Of(ISourceOptions text)
    {
        var given = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (property, option) in s_options)
            if (property.GetValue(text) is string value)
                given[option.LongName] = PathOptions.Change(option, value, path => Exists(path) ? Path.GetFullPath(path) : path);
        return given;
    }

    /// <summary>Puts what a run was given where nothing else is.</summary>
    /// <param name="text">The options of a command that looks at the run.</param>
    /// <param name="folder">Of the run.</param>
    /// <exception cref="UserException">source.json is damaged, or names what is no such option or no longer where it was.</exception>
    public static void Fill(ISourceOptions text, string folder)
    {
        var source = Read(folder);
        foreach (var (property, option) in s_options)
        {
            if (property.GetValue(text) is not null || !source.TryGetValue(option.LongName, out string? value)) continue;
            string from = IsWhole(option, value) ? "" : $" from {Environment.CurrentDirectory}";
            if (IsMissing(option, value))
                throw new UserException(
                    $"{folder}: its run had --{option.LongName} {value}, which is not there{from}; give --{option.LongName} with the place where it is now");
            property.SetValue(text, value);
        }
    }

    /// <summary>For a run that is to be resumed from another folder: a path that was left out, or that leads nowhere from here, is the run's own.</summary>
    /// <exception cref="UserException">source.json is damaged, or names what is no such option.</exception>
    public static void Find(ISourceOptions text, string folder)
    {
        var source = Read(folder);
        foreach (var (property, option) in s_options)
            if (source.TryGetValue(option.LongName, out string? value) && !IsMissing(option, value)
                && (property.GetValue(text) is not string given || (IsMissing(option, given) && IsEndOf(PathOf(option, given), PathOf(option, value)))))
                property.SetValue(text, value);
    }

    private static IReadOnlyDictionary<string, string> Read(string folder)
    {
        var source = RunFolder.ReadSource(folder);
        return source.Keys.FirstOrDefault(key => !s_options.Any(o => o.Option.LongName == key)) is not { } unknown ? source
            : throw new UserException($"{Path.Combine(folder, "source.json")}: {ForeignText.Quoted(unknown)} is no option of model or data");
    }

    private static bool IsMissing(OptionAttribute option, string value) =>
        PathOf(option, value) is { } path && !Exists(path) && !(option.LongName == "model" && GptConfig.Presets.Contains(value));

    private static bool IsWhole(OptionAttribute option, string value) => PathOf(option, value) is { } path && Path.IsPathFullyQualified(path);

    /// <summary>The path in a value; null where it has none.</summary>
    private static string? PathOf(OptionAttribute option, string value)
    {
        string? path = null;
        PathOptions.Change(option, value, found => path = found);
        return path;
    }

    private static bool IsEndOf(string? end, string? path) =>
        end is not null && path is not null
        && Path.TrimEndingDirectorySeparator(path).EndsWith(Path.DirectorySeparatorChar + Plain(end), StringComparison.Ordinal);

    /// <summary>Without "./" and a slash at the end.</summary>
    private static string Plain(string path) => Path.TrimEndingDirectorySeparator(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}
