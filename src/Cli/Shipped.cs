using LoraCollab.Data;

namespace LoraCollab.Cli;

/// <summary>The model that comes with the program, in a folder beside it: found from any working directory.</summary>
internal static class Shipped
{
    /// <summary>models/tiny: weights, configuration and tokenizer.</summary>
    /// <exception cref="UserException">The folder is not beside the program.</exception>
    public static string Model
    {
        get
        {
            string folder = Path.Combine(AppContext.BaseDirectory, "models", "tiny");
            return Directory.Exists(folder) ? folder : throw new UserException($"{folder}: the model that ships with the program is not there; give --model and --tokenizer, or install the program anew");
        }
    }
}
