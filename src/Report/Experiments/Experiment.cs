using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Report.Experiments;

/// <summary>experiment.json: the runs that together are one experiment, each a cell of its tables.</summary>
public sealed record Experiment
{
    /// <summary>The file's name in the experiment's folder.</summary>
    public const string FileName = "experiment.json";

    private static readonly JsonSerializerOptions s_json = OwnJson.Strict(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    });

    /// <summary>The folder of all run folders, below the experiment's.</summary>
    public const string Runs = "runs";

    /// <summary>What it is: reproduce, sweep or bridge.</summary>
    public required string Name { get; init; }

    /// <summary>The data it is about: one set, or all.</summary>
    public required string Family { get; init; }

    /// <summary>tiny, small or paper; "own" where every value was given by hand.</summary>
    public required string Scale { get; init; }

    /// <summary>Finished runs, in the order of the plan.</summary>
    public required IReadOnlyList<ExperimentCell> Cells { get; init; }

    /// <summary>Reads the experiment of a folder.</summary>
    /// <exception cref="UserException">There is none, or the file is not one of ours.</exception>
    public static Experiment Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        var found = OwnJson.Parse<Experiment>(file, "an experiment of this program's making", TextFile.Read(file), s_json);
        return found with
        {
            Name = ForeignText.Name(found.Name),
            Family = ForeignText.Name(found.Family),
            Scale = ForeignText.Name(found.Scale),
            Cells = [.. found.Cells.Select((cell, i) => cell.Checked(folder, $"{file}: cell {i + 1}"))],
        };
    }

    /// <summary>Writes it into its folder, which is made where it is not there; a reader never sees half of it.</summary>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, s_json) + "\n");
}
