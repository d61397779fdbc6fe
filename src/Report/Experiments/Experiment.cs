using System.Text.Json;
using System.Text.Json.Serialization;
using LoraCollab.Data;

namespace LoraCollab.Report.Experiments;

/// <summary>experiment.json: the runs that together are one experiment, each a cell of its tables.</summary>
public sealed record Experiment
{
    /// <summary>The file's name in the experiment's folder.</summary>
    public const string FileName = "experiment.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

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
        try
        {
            return JsonSerializer.Deserialize<Experiment>(TextFile.Read(file), s_json) ?? throw new UserException($"{file}: expected an object, found null");
        }
        catch (JsonException e)
        {
            throw new UserException($"{file}: not an experiment of this program's making: {e.Message}", e);
        }
    }

    /// <summary>Writes it into its folder, which is made where it is not there; a reader never sees half of it.</summary>
    /// <exception cref="UserException">The folder cannot be written.</exception>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, s_json) + "\n");
}
