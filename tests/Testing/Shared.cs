namespace LoraCollab.Testing;

/// <summary>The folder with reference data beside the checkout. Tests that need it are skipped with <see cref="Reason"/> where it is absent.</summary>
public static class Shared
{
    public const string Reason = "the reference data folder ../shared is not beside this checkout";

    /// <summary>The repository's root: the nearest parent that holds LoraCollab.sln.</summary>
    public static string Repository { get; } = FindUp(AppContext.BaseDirectory, "LoraCollab.sln")
        ?? throw new DirectoryNotFoundException("LoraCollab.sln was not found above " + AppContext.BaseDirectory);

    /// <summary>LORACOLLAB_SHARED if set, else ../shared beside the checkout.</summary>
    private static string Root { get; } = Environment.GetEnvironmentVariable("LORACOLLAB_SHARED") ?? System.IO.Path.Combine(Repository, "..", "shared");

    public static bool Exists => Directory.Exists(System.IO.Path.Combine(Root, "golden"));

    public static string Path(params string[] parts) => System.IO.Path.GetFullPath(System.IO.Path.Combine([Root, .. parts]));

    private static string? FindUp(string start, string file)
    {
        for (var d = new DirectoryInfo(start); d is not null; d = d.Parent)
            if (File.Exists(System.IO.Path.Combine(d.FullName, file)))
                return d.FullName;
        return null;
    }
}
