namespace LoraCollab.Data.Files;

/// <summary>"~/" at the start of a path: shells expand it where a word begins, and neither behind "=" nor behind a prefix nor in a file.</summary>
public static class HomePath
{
    /// <summary>The path with the user's own folder for "~"; any other as it is.</summary>
    /// <param name="path">A path.</param>
    /// <param name="origin">Who names it, for messages.</param>
    /// <exception cref="UserException">It begins with another user's folder, or the system does not say where the own one is.</exception>
    public static string Expand(string path, string origin)
    {
        if (!path.StartsWith('~')) return path;
        string first = path.Split('/', Path.DirectorySeparatorChar)[0];
        if (first != "~")
            return first.Length == path.Length ? path // a file of such a name
                : throw new UserException(
                    $"{origin} {path}: {first}, another user's folder, is not looked up; write the whole path, or ./{path} for a folder of that name");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length > 0 ? home + path[1..]
            : throw new UserException($"{origin} {path}: it is not known where ~ is (HOME is not set); write the whole path");
    }
}
