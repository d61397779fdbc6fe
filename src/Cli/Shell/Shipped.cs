namespace LoraCollab.Cli.Shell;

/// <summary>What comes with the program, in folders beside it: found from any working directory.</summary>
internal static class Shipped
{
    /// <summary>models/tiny: weights, configuration and tokenizer.</summary>
    /// <exception cref="UserException">The folder is not beside the program.</exception>
    public static string Model => Folder("the model that ships with the program is not there; give --model and --tokenizer, or install the program anew",
        "models", "tiny");

    /// <summary>experiments: presets, one commented JSON file each.</summary>
    /// <exception cref="UserException">The folder is not beside the program.</exception>
    public static string Experiments => Folder("the presets that ship with the program are not there; install the program anew", "experiments");

    private static string Folder(string otherwise, params string[] path)
    {
        string folder = Path.Combine([AppContext.BaseDirectory, .. path]);
        return Directory.Exists(folder) ? folder : throw new UserException($"{folder}: {otherwise}");
    }
}
