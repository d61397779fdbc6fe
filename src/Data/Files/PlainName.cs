namespace LoraCollab.Data.Files;

/// <summary>
/// Names out of files that become part of a path: of a file, a folder or a scheme. A plain name stays in the folder it is put into, on every system;
/// whoever wrote the file cannot reach another place with it.
/// </summary>
public static class PlainName
{
    private const int Longest = 200;

    private const string Forbidden = "/\\:*?\"<>|";

    /// <summary>No separator, drive, control character or wildcard, and none of the names that mean another folder.</summary>
    public static bool IsPlain(string? name) =>
        name is { Length: > 0 and <= Longest } && !name.Any(c => char.IsControl(c) || Forbidden.Contains(c)) && name[^1] is not ('.' or ' ');

    /// <summary>The path of a file or folder that a file names, inside the folder it must lie in.</summary>
    /// <param name="folder">Where it must lie.</param>
    /// <param name="name">What the file says.</param>
    /// <param name="origin">The file that says so, and where.</param>
    /// <exception cref="UserException">It is no plain name, or a link that leads out of the folder.</exception>
    public static string Inside(string folder, string? name, string origin)
    {
        if (!IsPlain(name))
            throw new UserException($"{origin}: {ForeignText.Quoted(name)} is no name of a file beside it: "
                + "it may hold no path, and no characters that names cannot have");
        OwnFolder.RequireInside(folder, name!);
        return Path.Combine(folder, name!);
    }
}
