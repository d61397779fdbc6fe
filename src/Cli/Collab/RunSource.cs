namespace LoraCollab.Cli.Collab;

/// <summary>How a run opened model and data, as options by their names: what source.json holds. Its paths are whole, to hold from any folder.</summary>
internal static class RunSource
{
    private static readonly IReadOnlyList<OptionDeclaration> s_options = OptionTable.Of(typeof(SourceOptions));

    /// <summary>The options that were given.</summary>
    public static IReadOnlyDictionary<string, string> Of(OptionValues given) => new SortedDictionary<string, string>(s_options.Where(o => given.Has(o.Name))
        .ToDictionary(o => o.Name, o => Paths.Change(o, given[o.Name]!, path => Exists(path) ? Path.GetFullPath(path) : path)), StringComparer.Ordinal);

    /// <summary>With what a run was given where nothing else is.</summary>
    /// <param name="given">The options of a command that looks at the run.</param>
    /// <param name="folder">Of the run.</param>
    /// <exception cref="UserException">source.json is damaged, or names what is no such option or no longer where it was.</exception>
    public static OptionValues Filled(OptionValues given, string folder)
    {
        var (source, filled) = (Read(folder), new OptionValues(given));
        foreach (var option in s_options)
        {
            if (given.Has(option.Name) || !source.TryGetValue(option.Name, out string? value)) continue;
            string from = IsWhole(option, value) ? "" : $" from {Environment.CurrentDirectory}";
            if (IsMissing(option, value))
                throw new UserException(
                    $"{folder}: its run had --{option.Name} {value}, which is not there{from}; give --{option.Name} with the place where it is now");
            filled.Set(option.Name, value);
        }
        return filled;
    }

    /// <summary>For a run that is to be resumed from another folder: a path that was left out, or that leads nowhere from here, is the run's own.</summary>
    /// <exception cref="UserException">source.json is damaged, or names what is no such option.</exception>
    public static OptionValues Found(OptionValues given, string folder)
    {
        var (source, found) = (Read(folder), new OptionValues(given));
        foreach (var option in s_options)
            if (source.TryGetValue(option.Name, out string? value) && !IsMissing(option, value)
                && (given[option.Name] is not { } text || (IsMissing(option, text) && IsEndOf(PathOf(option, text), PathOf(option, value)))))
                found.Set(option.Name, value);
        return found;
    }

    private static IReadOnlyDictionary<string, string> Read(string folder)
    {
        var source = RunFolder.ReadSource(folder);
        return source.Keys.FirstOrDefault(key => s_options.All(o => o.Name != key)) is not { } unknown ? source
            : throw new UserException($"{Path.Combine(folder, "source.json")}: {ForeignText.Quoted(unknown)} is no option of model or data");
    }

    private static bool IsMissing(OptionDeclaration option, string value) =>
        PathOf(option, value) is { } path && !Exists(path) && !(option.Name == "model" && GptConfig.Presets.Contains(value));

    private static bool IsWhole(OptionDeclaration option, string value) => PathOf(option, value) is { } path && Path.IsPathFullyQualified(path);

    /// <summary>The path in a value; null where it has none.</summary>
    private static string? PathOf(OptionDeclaration option, string value)
    {
        string? path = null;
        Paths.Change(option, value, found => path = found);
        return path;
    }

    private static bool IsEndOf(string? end, string? path) =>
        end is not null && path is not null
        && Path.TrimEndingDirectorySeparator(path).EndsWith(Path.DirectorySeparatorChar + Plain(end), StringComparison.Ordinal);

    /// <summary>Without "./" and a slash at the end.</summary>
    private static string Plain(string path) => Path.TrimEndingDirectorySeparator(path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}
