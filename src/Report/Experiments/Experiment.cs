using System.Security.Cryptography;
using System.Text;
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

/// <summary>One run of an experiment: all its schemes on one set under one seed.</summary>
/// <param name="Set">Name of the data: news, languages, code, agnews, multiwiki, codewiki or what else was given.</param>
/// <param name="Distribution">Who holds what: specific, mixed, …</param>
/// <param name="Compat">corrected or paper, and the traps that differ.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Run">The run folder, relative to the experiment's, with / between names.</param>
/// <param name="Over">The option that a sweep varies; null in other experiments.</param>
/// <param name="Value">Its value in this run.</param>
/// <param name="Command">The collab command line that makes this very run, absolute paths by their last names; null where it was not kept.</param>
/// <param name="Paths">A hash of what the last names leave out, so that data of one name from two places stays two; null where nothing is left out.</param>
public sealed record ExperimentCell(
    string Set, string Distribution, string Compat, ulong Seed, string Run, string? Over = null, string? Value = null, string? Command = null,
    string? Paths = null)
{
    /// <summary>A cell out of a file: its run lies below the experiment, and what it varies can be the name of an option.</summary>
    /// <param name="folder">Of the experiment.</param>
    /// <param name="origin">The file and the cell's place in it.</param>
    /// <exception cref="UserException">The run lies elsewhere, or an option has no such name.</exception>
    internal ExperimentCell Checked(string folder, string origin)
    {
        if (Run.Split('/') is not [Experiment.Runs, var run] || !PlainName.IsPlain(run))
            throw new UserException($"{origin}: the run {ForeignText.Quoted(Run)} is none of this experiment: expected {Experiment.Runs}/ID");
        OwnFolder.RequireInside(folder, Experiment.Runs, run);
        if (Over is not null && !(Over.Length is > 0 and < 40 && Over.All(c => char.IsAsciiLetterLower(c) || c == '-')))
            throw new UserException($"{origin}: {ForeignText.Quoted(Over)} is the name of no option");
        if ((Over is null) != (Value is null)) throw new UserException($"{origin}: over and value belong together");
        return Named();
    }

    /// <summary>The same with names as tables show them: whoever wrote them, and without absolute paths.</summary>
    public ExperimentCell Named() => this with
    {
        Set = ForeignText.Name(ShortPath.Of(Set)),
        Distribution = ForeignText.Name(Distribution),
        Compat = ForeignText.Shown(Compat),
        Value = Value is null ? null : ForeignText.Shown(ShortPath.Of(Value)),
        Command = Command is null ? null : ForeignText.Shown(ShortPath.InCommand(Command)),
        Paths = Paths ?? Hash(),
    };

    private string? Hash()
    {
        string whole = $"{Set}\n{Value}\n{Command}", left = $"{ShortPath.Of(Set)}\n{ShortPath.Of(Value ?? "")}\n{ShortPath.InCommand(Command ?? "")}";
        return whole == left ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..8];
    }
}
